# make interop: other people's clients, unmodified, against the embedded chain. Not a part of the
# tests: it fetches near-api-js with npm, into $(BUILD)/interop, the first time.
interop: $(BUILD)/neartop     ## near-api-js from npm against `neartop localnet`
	$(Q)tests/interop/run.sh $(BUILD)/neartop $(BUILD)/interop

.PHONY: interop
