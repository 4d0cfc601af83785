# The part of the manual page that is made from the table of actions.
MAN_KEYS = awk -f tui/share/keys.awk tui/input/action.def

man-keys:             ## put the keys of action.def into the manual page
	$(Q)$(MAN_KEYS) > $(OBJ)/keys.mdoc
	$(Q)sed -e '/^\.\\" keys begin/r $(OBJ)/keys.mdoc' \
	    -e '/^\.\\" keys begin/,/^\.\\" keys end/{/^\.\\" keys/!d}' \
	    tui/share/neartop.1 > $(OBJ)/neartop.1
	$(Q)cp $(OBJ)/neartop.1 tui/share/neartop.1

.PHONY: man-keys
