# One line per target. `make demo KEEP=1` leaves the robot up for a softphone.
.PHONY: demo test bench deb lint models prerequisites bins

demo: models bins ; cargo run --quiet --release -p switchhook-hil -- demo $(if $(KEEP),--keep)
test: lint models ; hil-tests/scripts/run-tests
bench: models ; cargo bench -p switchhook-models
deb: prerequisites ; dpkg-buildpackage --build=binary --no-sign
lint: prerequisites ; cargo fmt --all --check && cargo clippy --workspace --all-targets -- -D warnings
models: prerequisites ; cargo run --release -p switchhook-models --bin switchhook-models -- fetch
bins: prerequisites ; cargo build --release --workspace --bins
prerequisites: ; @hil-tests/scripts/prerequisites
