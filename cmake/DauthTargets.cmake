# One target per box of the layout (docs/architecture.md).
#
#   dauth_box(NAME SOURCES a.cpp b.cpp LINKS dauth_other PkgConfig::x)
#     a static library with the repository's root as its include directory
#   dauth_test(NAME SOURCES a_test.cpp LINKS dauth_box [LABELS unit])
#     a GoogleTest program; each of its cases becomes one CTest test
function(dauth_box name)
  cmake_parse_arguments(BOX "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(${name} STATIC ${BOX_SOURCES})
  target_include_directories(${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PUBLIC ${BOX_LINKS} PRIVATE ${BOX_PRIVATE_LINKS})
endfunction()

function(dauth_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LINKS;LABELS" ${ARGN})
  if(NOT TEST_LABELS)
    set(TEST_LABELS unit)
  endif()
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 60)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${TEST_LINKS} GTest::gmock GTest::gtest_main)
  # PRE_TEST: the list of cases is read when the tests run, so a build never runs a test program.
  include(GoogleTest)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 30
    PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT ${TEST_TIMEOUT})
endfunction()
