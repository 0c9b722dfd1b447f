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

# GoogleTest's headers take most of the time that a small test takes to compile: they are compiled once, by an
# executable since a precompiled header serves only targets of the same kind of position independence.
function(dauth_test_headers)
  if(NOT TARGET dauth_test_headers)
    file(GENERATE OUTPUT "${PROJECT_BINARY_DIR}/generated/test_headers.cpp" CONTENT "int main() { return 0; }\n")
    add_executable(dauth_test_headers EXCLUDE_FROM_ALL "${PROJECT_BINARY_DIR}/generated/test_headers.cpp")
    target_link_libraries(dauth_test_headers PRIVATE GTest::gmock GTest::gtest)
    target_precompile_headers(dauth_test_headers PRIVATE <gmock/gmock.h> <gtest/gtest.h>)
  endif()
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
  # g++ 12 sees array bounds overrun where std::string is added to a literal at -O2 (GCC bug 105329).
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds -Wno-stringop-overread -Wno-stringop-overflow>)
  dauth_test_headers()
  target_precompile_headers(${name} REUSE_FROM dauth_test_headers)
  # PRE_TEST: the list of cases is read when the tests run, so a build never runs a test program.
  include(GoogleTest)
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 30
    PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT ${TEST_TIMEOUT})
endfunction()
