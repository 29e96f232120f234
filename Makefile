# One line per target. `make demo KEEP=1` leaves the robot up for a softphone.
.PHONY: demo test bench deb lint prerequisites

demo: prerequisites ; hil-tests/scripts/demo $(if $(KEEP),--keep)
test: prerequisites ; hil-tests/scripts/run-tests
bench: prerequisites ; cargo bench -p switchhook-models
deb: prerequisites ; dpkg-buildpackage -b -us -uc -d && mkdir -p build && mv -t build ../switchhook_* ../switchhook-dbgsym_*
lint: prerequisites ; cargo fmt --all --check && cargo clippy --workspace --all-targets -- -D warnings
prerequisites: ; @hil-tests/scripts/prerequisites
