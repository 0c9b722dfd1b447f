# cmake -DINPUT=schema.sql -DOUTPUT=schema_sql.h -DSYMBOL=kSchemaSql -P embed_text.cmake
# Writes a header that holds a text file as a constant.
file(READ "${INPUT}" text)
get_filename_component(name "${INPUT}" NAME)
file(WRITE "${OUTPUT}"
"// Made from ${name} when building; do not edit.
#pragma once

namespace dauth::data {
inline constexpr char ${SYMBOL}[] = R\"embedded(${text})embedded\";
}
")
