# One line per target. `make demo KEEP=1` leaves the robot up for a softphone, `DEMO_LANG=zh` speaks Mandarin, `PROFILE=tiny` has the models of a 1 GB board; `make bench PEERS=1` measures published implementations too, `make deb ARCH=armhf` packs for a board.
.PHONY: demo test sizes bench measure accuracy turns callers fuzz deb try-deb try-piuparts try-models try-apparmor try-figures cross book lint prerequisites

demo: prerequisites ; hil-tests/scripts/office demo $(if $(KEEP),--keep) $(if $(DEMO_LANG),--language $(DEMO_LANG)) $(if $(PROFILE),--profile $(PROFILE))
test: ; @hil-tests/scripts/prerequisites && hil-tests/scripts/run-tests
sizes: prerequisites ; hil-tests/scripts/try-sizes
bench: prerequisites ; cargo bench -p switchhook-models $(if $(PEERS),-- --peers)
measure: prerequisites ; hil-tests/scripts/office measure $(if $(DEMO_LANG),--language $(DEMO_LANG)) $(if $(PROFILE),--profile $(PROFILE))
accuracy: prerequisites ; hil-tests/scripts/accuracy $(if $(AUDIO),--audio $(AUDIO)) $(if $(ONLY),--only $(ONLY)) $(if $(PEERS),--peers)
turns: prerequisites ; hil-tests/scripts/turns $(if $(AUDIO),--audio $(AUDIO))
callers: prerequisites ; hil-tests/scripts/callers
fuzz: prerequisites ; hil-tests/scripts/fuzz $(if $(SECONDS),$(SECONDS))
deb: ; @hil-tests/scripts/prerequisites deb $(if $(ARCH),&& hil-tests/scripts/prerequisites cross) && hil-tests/scripts/build-deb $(ARCH)
try-deb try-piuparts try-models try-apparmor try-figures: ; @hil-tests/scripts/prerequisites deb && hil-tests/scripts/prerequisites try-deb && hil-tests/scripts/prerequisites && cargo build -p switchhook-hil && hil-tests/scripts/build-deb && hil-tests/scripts/$@ build $(PREVIOUS)
cross: ; @hil-tests/scripts/prerequisites cross && hil-tests/scripts/cross-check
book: ; @hil-tests/scripts/book
lint: prerequisites ; cargo fmt --all --check && cargo clippy --workspace --all-targets -- -D warnings
prerequisites: ; @hil-tests/scripts/prerequisites
