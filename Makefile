# One line per target. `make demo KEEP=1` leaves the robot up for a softphone; `make bench PEERS=1` measures published implementations too.
.PHONY: demo test bench measure accuracy fuzz deb cross lint prerequisites

demo: prerequisites ; hil-tests/scripts/demo $(if $(KEEP),--keep)
test: ; @hil-tests/scripts/prerequisites tests && hil-tests/scripts/run-tests
bench: prerequisites ; cargo bench -p switchhook-models $(if $(PEERS),-- --peers)
measure: prerequisites ; hil-tests/scripts/measure
accuracy: prerequisites ; hil-tests/scripts/accuracy $(if $(AUDIO),--audio $(AUDIO)) $(if $(ONLY),--only $(ONLY)) $(if $(PEERS),--peers)
fuzz: prerequisites ; hil-tests/scripts/fuzz $(if $(SECONDS),$(SECONDS))
deb: ; @hil-tests/scripts/prerequisites deb && hil-tests/scripts/build-deb
cross: ; @hil-tests/scripts/prerequisites cross && hil-tests/scripts/cross-check
lint: prerequisites ; cargo fmt --all --check && cargo clippy --workspace --all-targets -- -D warnings
prerequisites: ; @hil-tests/scripts/prerequisites
