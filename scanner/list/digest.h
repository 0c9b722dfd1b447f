// Digest: XXH3-128 (xxhash.com, as `xxh128sum` prints it) of octets that come piece by piece. Tells contents
// apart; not proof against someone who wants two contents to look alike.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "resolver/dns/result.h"

namespace dauth::scanner {

class Digest {
 public:
  Digest();
  ~Digest();
  void add(std::span<const char> octets);
  // 32 hexadecimal digits for what was added so far.
  std::string hexadecimal() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Of all that the file at `path` holds; the error is one line without the path.
Result<std::string, std::string> digest_of_file(const std::string& path);

}  // namespace dauth::scanner
