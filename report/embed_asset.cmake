# cmake -DINPUT=page.css -DOUTPUT=page_css.h -DSYMBOL=kPageCss -DFORBIDDEN=</style -P embed_asset.cmake
# Writes a header that holds a text file as constants: SYMBOL##Text, a string_view of its octets, and
# SYMBOL##Sha256, their digest in hexadecimal. Octets and not a string literal, since a library is longer than
# compilers must take one to be.
#
# What stands within an element of a page may not hold what ends that element. FORBIDDEN is a list of such words, in
# lower case, compared without case. CR is refused always: a browser reads it as LF, and the digest would be another.
if(NOT EXISTS "${INPUT}")
  message(FATAL_ERROR "${INPUT} is missing")
endif()
file(READ "${INPUT}" hex HEX)
file(SHA256 "${INPUT}" digest)
get_filename_component(name "${INPUT}" NAME)

string(LENGTH "${hex}" length)
if(length EQUAL 0)
  message(FATAL_ERROR "${INPUT} is empty")
endif()
string(REGEX REPLACE "(..)" "\\1 " spaced "${hex}")
if(spaced MATCHES "(^| )(00|0d) ")
  message(FATAL_ERROR "${INPUT} has a NUL or CR, and cannot stand in a page as it is")
endif()

file(READ "${INPUT}" text)
string(TOLOWER "${text}" text)
foreach(word IN LISTS FORBIDDEN)
  string(FIND "${text}" "${word}" place)
  if(NOT place EQUAL -1)
    message(FATAL_ERROR "${INPUT} holds '${word}' at ${place}, which would end its element in the page")
  endif()
endforeach()

string(REGEX REPLACE "(..) " "'\\\\x\\1'," octets "${spaced}")
file(WRITE "${OUTPUT}"
"// Made from ${name} when building; do not edit.
#pragma once

#include <string_view>

namespace dauth::report {
inline constexpr char ${SYMBOL}Octets[] = {${octets}};
inline constexpr std::string_view ${SYMBOL}Text{${SYMBOL}Octets, sizeof(${SYMBOL}Octets)};
inline constexpr std::string_view ${SYMBOL}Sha256 = \"${digest}\";
}  // namespace dauth::report
")
