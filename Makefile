.PHONY: deb

# The Debian package for this machine, in build/.
deb:
	dpkg-buildpackage -b -us -uc -d && mkdir -p build && mv -t build ../switchhook_* ../switchhook-dbgsym_*
