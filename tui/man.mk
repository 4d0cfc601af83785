# The parts of the manual page that are made from tables.
MAN_KEYS = awk -f tui/share/keys.awk tui/input/action.def

man-keys:             ## put the keys of action.def into the manual page
	$(Q)$(MAN_KEYS) > $(OBJ)/keys.mdoc
	$(Q)sed -e '/^\.\\" keys begin/r $(OBJ)/keys.mdoc' \
	    -e '/^\.\\" keys begin/,/^\.\\" keys end/{/^\.\\" keys/!d}' \
	    tui/share/neartop.1 > $(OBJ)/neartop.1
	$(Q)cp $(OBJ)/neartop.1 tui/share/neartop.1

man-faults:           ## put the drills of fault.def into the manual page
	$(Q)awk -f tui/share/faults.awk contract/serve/fault.def > $(OBJ)/faults.mdoc
	$(Q)sed -e '/^\.\\" faults begin/r $(OBJ)/faults.mdoc' \
	    -e '/^\.\\" faults begin/,/^\.\\" faults end/{/^\.\\" faults/!d}' \
	    tui/share/neartop.1 > $(OBJ)/neartop.1
	$(Q)cp $(OBJ)/neartop.1 tui/share/neartop.1

.PHONY: man-keys man-faults
