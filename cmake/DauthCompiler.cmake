# Compiler settings that hold for every target of the project.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# Else programs are position independent only where the compiler makes them so by itself.
include(CheckPIESupported)
check_pie_supported(LANGUAGES C CXX)

find_program(DAUTH_CCACHE ccache)
if(DAUTH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # What ccache wants to know before it caches what was compiled with a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env CCACHE_SLOPPINESS=pch_defines,time_macros "${DAUTH_CCACHE}")
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast)
option(DAUTH_WERROR "Warnings are errors" ON)
if(DAUTH_WERROR)
  add_compile_options(-Werror)
endif()
# g++ 12 reports false "maybe uninitialized" and "dangling" findings through std::variant and coroutine
# frames at -O2 (GCC bugs 80635 and 105562); clang's own analysis covers these in the asan preset.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-maybe-uninitialized -fpch-preprocess)
  # Overlaps that cannot be, seen in std::string's insert and operator+ at -O2 (GCC bug 105651).
  add_compile_options(-Wno-restrict)
  # A coroutine's promise pairs a templated operator new (it sees the coroutine's arguments) with a plain operator
  # delete; g++ 12 takes that for a mismatch.
  add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Wno-mismatched-new-delete>)
endif()

# A program that reads hostile bytes: the usual hardening, always on.
add_compile_options(-fstack-protector-strong -fcf-protection=full)
add_link_options(-Wl,-z,relro -Wl,-z,now)
if(CMAKE_BUILD_TYPE MATCHES "Rel" AND NOT DAUTH_SANITIZE)
  add_compile_definitions(_FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS)
endif()

if(DAUTH_SANITIZE)
  add_compile_options(-fsanitize=${DAUTH_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DAUTH_SANITIZE})
endif()
