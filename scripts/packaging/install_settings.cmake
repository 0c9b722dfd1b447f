# Run by `cmake --install` and cpack: settings and units, which know where the program is. `files` is set.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(sysconfdir /etc)
  set(units /lib/systemd/system)
else()
  set(sysconfdir "${CMAKE_INSTALL_PREFIX}/etc")
  set(units "${CMAKE_INSTALL_PREFIX}/lib/systemd/system")
endif()
set(bindir "${CMAKE_INSTALL_PREFIX}/bin")

# Settings of the administrator stay; of the package dpkg takes care.
if(DEFINED ENV{DESTDIR} OR NOT EXISTS "${sysconfdir}/dauth.toml")
  file(INSTALL "${files}/dauth.toml" DESTINATION "${sysconfdir}")
endif()
file(INSTALL "${files}/dauth.timer" DESTINATION "${units}")
# Straight to its place: two installations at a time, with other prefixes, share no file of the build.
configure_file("${files}/dauth.service.in" "$ENV{DESTDIR}${units}/dauth.service" @ONLY)
list(APPEND CMAKE_INSTALL_MANIFEST_FILES "${units}/dauth.service")
file(INSTALL "${files}/dauth.sysusers" DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/sysusers.d" RENAME dauth.conf)
file(INSTALL "${files}/dauth.tmpfiles" DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/tmpfiles.d" RENAME dauth.conf)
