# make interop: other people's clients, unmodified, against the embedded chain. Not a part of the
# tests: it fetches them with npm, into $(BUILD)/interop, the first time.
interop: $(BUILD)/neartop     ## near-api-js and near-workspaces against `neartop localnet`
	$(Q)tests/interop/run.sh $(BUILD)/neartop $(BUILD)/interop

.PHONY: interop
