// The unpacking sources behind unpacked() of byte_source.h, one file each, since each includes its library.
#pragma once

#include <memory>
#include <string>

#include "resolver/dns/result.h"
#include "scanner/list/byte_source.h"

namespace dauth::scanner {

// gzip (RFC 1952), several members in a row included.
Result<std::unique_ptr<ByteSource>, std::string> make_gzip_source(std::unique_ptr<ByteSource> packed);

// zstd (RFC 8878), several frames in a row included. Needs at most 128 MiB for its window (zstd's own limit).
Result<std::unique_ptr<ByteSource>, std::string> make_zstd_source(std::unique_ptr<ByteSource> packed);

}  // namespace dauth::scanner
