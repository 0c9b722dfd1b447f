// The blocks of code in a page of the documents, for tests that run what the page tells its readers to run.
#pragma once

#include <string>
#include <vector>

namespace dauth::testing {

struct PageBlock {
  std::string language;  // what stands behind the opening fence, may be empty
  std::string text;
};

// In their order. A block without its end is thrown as std::runtime_error.
std::vector<PageBlock> blocks_of(const std::string& page);

// `text` with every `from` replaced.
std::string replaced(std::string text, const std::string& from, const std::string& to);

}  // namespace dauth::testing
