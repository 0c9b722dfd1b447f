// Any octets as a domain list: in each format, whole and in small pieces, the outcome is the same, and what
// is an entry is a name below the root. What cannot be read to its end is refused however it comes; with
// which words may depend on the pieces, since a decompressor finds damage sooner or later.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "scanner/list/list_reader.h"

namespace {

using namespace dauth::scanner;

class PiecewiseSource final : public ByteSource {
 public:
  PiecewiseSource(std::string octets, std::size_t piece) : octets_(std::move(octets)), piece_(piece) {}
  dauth::Result<std::size_t, std::string> read(std::span<char> room) override {
    const std::size_t count = octets_.copy(room.data(), std::min(room.size(), piece_), at_);
    at_ += count;
    return count;
  }

 private:
  std::string octets_;
  std::size_t piece_;
  std::size_t at_ = 0;
};

void require(bool holds) {
  if (!holds) std::abort();
}

struct Outcome {
  std::vector<std::string> said;
  bool is_refused = false;
};

Outcome outcome(const std::string& octets, std::size_t piece, ListFormat format) {
  Outcome found;
  std::vector<std::string>& said = found.said;
  auto reader = ListReader::from_octets(std::make_unique<PiecewiseSource>(octets, piece), "list", format);
  if (!reader) return {{reader.error().message}, true};
  std::set<std::uint64_t> lines;
  for (;;) {
    const ListItem item = (*reader)->next();
    if (const auto* entry = std::get_if<ListEntry>(&item)) {
      require(!entry->name.is_root() && lines.insert(entry->line).second);
      said.push_back(entry->name.to_text());
    } else if (const auto* rejected = std::get_if<dauth::data::RejectedLine>(&item)) {
      require(!rejected->reason.empty() && lines.insert(rejected->line).second);
      said.push_back(rejected->reason);
    } else {
      if (const auto* error = std::get_if<ListError>(&item)) {
        said.push_back(error->message);
        found.is_refused = true;
      }
      require(!said.empty());
      said.push_back((*reader)->fingerprint());
      return found;
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets(reinterpret_cast<const char*>(data), size);
  for (const ListFormat format :
       {ListFormat::kAuto, ListFormat::kPlain, ListFormat::kZone, ListFormat::kCsv}) {
    const Outcome whole = outcome(octets, size + 1, format);
    const Outcome pieces = outcome(octets, 7, format);
    require(whole.is_refused == pieces.is_refused && (whole.is_refused || whole.said == pieces.said));
  }
  return 0;
}
