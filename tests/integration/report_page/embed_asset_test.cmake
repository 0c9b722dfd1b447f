# cmake -DEMBED=embed_asset.cmake -DSCRATCH=DIRECTORY -P embed_asset_test.cmake
# That what would end its element in a page is refused when building, and what is embedded is what was there.
file(REMOVE_RECURSE "${SCRATCH}")
file(MAKE_DIRECTORY "${SCRATCH}")

function(embed content status_and_error)
  file(WRITE "${SCRATCH}/asset.js" "${content}")
  execute_process(
    COMMAND "${CMAKE_COMMAND}" "-DINPUT=${SCRATCH}/asset.js" "-DOUTPUT=${SCRATCH}/asset.h" -DSYMBOL=kAsset
      "-DFORBIDDEN=</script;<!--" -P "${EMBED}"
    RESULT_VARIABLE status ERROR_VARIABLE error)
  # CMake breaks lines of messages where paths are long.
  string(REGEX REPLACE "[ \n]+" " " error "${error}")
  set(${status_and_error} "${status} ${error}" PARENT_SCOPE)
endfunction()

string(ASCII 13 carriage_return)
foreach(content "let a = '</script>'" "let a = '</SCRIPT '" "a<!--b" "a${carriage_return}b" "")
  embed("${content}" outcome)
  if(outcome MATCHES "^0 " OR NOT outcome MATCHES "would end its element|NUL or CR|is empty")
    message(SEND_ERROR "'${content}' is not refused as it should be: ${outcome}")
  endif()
endforeach()

embed("a\n" outcome)
file(READ "${SCRATCH}/asset.h" header)
file(SHA256 "${SCRATCH}/asset.js" digest)
foreach(part "{'\\x61','\\x0a',}" "kAssetText" "\"${digest}\"")
  string(FIND "${header}" "${part}" place)
  if(place EQUAL -1)
    message(SEND_ERROR "the header has no ${part}: ${outcome} ${header}")
  endif()
endforeach()

execute_process(COMMAND "${CMAKE_COMMAND}" -DINPUT=${SCRATCH}/none.js -DOUTPUT=${SCRATCH}/none.h -DSYMBOL=k -P "${EMBED}"
  RESULT_VARIABLE status ERROR_VARIABLE error)
string(REGEX REPLACE "[ \n]+" " " error "${error}")
if(status EQUAL 0 OR NOT error MATCHES "none.js is missing")
  message(SEND_ERROR "a missing file is not told: ${status} ${error}")
endif()
