// Reading a whole list in a test, from octets that come in pieces of any size, or with an error in the
// middle.
#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "scanner/list/byte_source.h"
#include "scanner/list/list_reader.h"

namespace dauth::scanner::testing {

// Octets in pieces of at most `piece`; after them the end, or `error` where there is one.
class PiecewiseSource final : public ByteSource {
 public:
  PiecewiseSource(std::string octets, std::size_t piece, std::optional<std::string> error = std::nullopt)
      : octets_(std::move(octets)), piece_(piece), error_(std::move(error)) {}

  Result<std::size_t, std::string> read(std::span<char> room) override {
    const std::size_t count = octets_.copy(room.data(), std::min(room.size(), piece_), at_);
    at_ += count;
    if (count == 0 && error_) return unexpected(*error_);
    return count;
  }

 private:
  std::string octets_;
  std::size_t piece_;
  std::size_t at_ = 0;
  std::optional<std::string> error_;
};

struct WholeList {
  ListFormat format = ListFormat::kAuto;
  std::vector<std::string> names;  // of the entries, in order
  std::vector<ListEntry> entries;
  std::vector<std::string> rejections;  // "3: reason"
  std::vector<data::RejectedLine> rejected;
  std::optional<std::string> error;  // of opening or of reading
  std::string fingerprint;
};

inline WholeList read_whole(std::unique_ptr<ByteSource> octets, ListFormat format = ListFormat::kAuto,
                            const std::string& source = "list") {
  WholeList whole;
  auto reader = ListReader::from_octets(std::move(octets), source, format);
  if (!reader) {
    whole.error = reader.error().message;
    return whole;
  }
  whole.format = (*reader)->format();
  for (;;) {
    ListItem item = (*reader)->next();
    if (auto* entry = std::get_if<ListEntry>(&item)) {
      whole.names.push_back(entry->name.to_text());
      whole.entries.push_back(std::move(*entry));
    } else if (auto* line = std::get_if<data::RejectedLine>(&item)) {
      whole.rejections.push_back(std::to_string(line->line) + ": " + line->reason);
      whole.rejected.push_back(std::move(*line));
    } else {
      if (auto* failure = std::get_if<ListError>(&item)) whole.error = failure->message;
      break;
    }
  }
  whole.fingerprint = (*reader)->fingerprint();
  return whole;
}

inline WholeList read_whole(std::string_view text, ListFormat format = ListFormat::kAuto) {
  return read_whole(make_memory_source(std::string(text)), format);
}

inline std::string file_contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Where the data is that is not part of the repository; a test that needs it is skipped without.
inline std::optional<std::string> shared_data_folder() {
  const char* const folder = std::getenv("DAUTH_DATA");
  if (folder == nullptr || *folder == '\0') return std::nullopt;
  return std::string(folder);
}

#define DAUTH_REQUIRE_SHARED_DATA(folder)                                                                \
  const auto folder = dauth::scanner::testing::shared_data_folder();                                     \
  if (!folder) {                                                                                         \
    GTEST_SKIP() << "NOT TESTED: the environment variable DAUTH_DATA does not name the folder of lists"; \
  }                                                                                                      \
  static_assert(true)

}  // namespace dauth::scanner::testing
