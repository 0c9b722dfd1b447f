// ByteSource: the octets of a list, from a file or standard input, unpacked where they are gzip (RFC 1952) or
// zstd (RFC 8878).
//
// Errors are one line for a person, without the file's name. A packed file that breaks off is an error.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "resolver/dns/result.h"

namespace dauth::scanner {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Fills some of `room` (not empty) and returns how many octets came; 0 is the end.
  virtual Result<std::size_t, std::string> read(std::span<char> room) = 0;
};

// Asked again and again while a pipe or a terminal has nothing to read: true ends the reading with an error.
using StopReading = std::function<bool()>;

// `path` is a file or "-" for standard input, which stays open afterwards.
Result<std::unique_ptr<ByteSource>, std::string> open_byte_source(const std::string& path,
                                                                  StopReading stop = {});

// Octets in memory; `octets` is owned.
std::unique_ptr<ByteSource> make_memory_source(std::string octets);

// `packed` itself, or an unpacking source around it when its first octets are those of gzip or zstd.
Result<std::unique_ptr<ByteSource>, std::string> unpacked(std::unique_ptr<ByteSource> packed);

}  // namespace dauth::scanner
