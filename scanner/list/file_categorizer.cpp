#include <algorithm>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "scanner/list/categorizers.h"
#include "scanner/list/line_source.h"
#include "scanner/list/list_name.h"
#include "scanner/list/list_parser.h"

namespace dauth::scanner {
namespace {

class FileCategorizer final : public Categorizer {
 public:
  explicit FileCategorizer(std::string path) : path_(std::move(path)) {}

  Result<void, std::string> load() {
    auto octets = open_byte_source(path_);
    if (!octets) return unexpected(fmt::format("{}: {}", path_, octets.error()));
    LineSource lines(std::move(*octets));
    for (;;) {
      const auto line = lines.next();
      if (!line) return unexpected(fmt::format("{}: {}", path_, line.error()));
      if (!*line) break;
      if (auto added = add(**line); !added) {
        return unexpected(fmt::format("{}:{}: {}", path_, (*line)->number, added.error()));
      }
    }
    if (categories_.empty()) return unexpected(fmt::format("{}: no suffix in it", path_));
    version_ = fmt::format("{} xxh128:{}", path_, lines.fingerprint());
    return {};
  }

  data::Category category_of(const dns::DomainName& name) const override {
    dns::DomainName suffix = name;
    for (;;) {
      if (const auto found = categories_.find(suffix); found != categories_.end()) return found->second;
      if (suffix.is_root()) return data::Category::other();
      suffix = suffix.parent();
    }
  }

  std::string suffix_list_version() const override { return version_; }

 private:
  Result<void, std::string> add(const ListLine& line) {
    constexpr std::string_view kSeparators = " \t,";
    if (line.overlong) return unexpected<std::string>("line longer than 65,536 octets");
    const std::string_view text = trimmed(line.text.substr(0, line.text.find('#')));
    if (text.empty()) return {};
    const std::size_t end = text.find_first_of(kSeparators);
    std::string_view suffix = text.substr(0, end);
    const std::size_t next = text.find_first_not_of(kSeparators, std::min(end, text.size()));
    if (next == std::string_view::npos) return unexpected<std::string>("a suffix without a category");
    if (suffix.starts_with('.') && suffix.size() > 1) suffix.remove_prefix(1);  // ".go.jp"
    Result<dns::DomainName, std::string> name =
        suffix == "." ? Result<dns::DomainName, std::string>(dns::DomainName()) : read_listed_name(suffix);
    if (!name) return unexpected(std::move(name.error()));
    const auto category = from_list(text.substr(next));
    if (!category) {
      return unexpected<std::string>(
          "no category code (printable ASCII without blanks, commas, quotes, < and >; not TOTAL)");
    }
    const auto [place, is_new] = categories_.emplace(std::move(*name), *category);
    if (!is_new && place->second != *category) {
      return unexpected(fmt::format("another category for this suffix, which has {}", place->second.code()));
    }
    return {};
  }

  std::string path_;
  std::string version_;
  std::unordered_map<dns::DomainName, data::Category> categories_;
};

}  // namespace

Result<std::unique_ptr<Categorizer>, std::string> make_file_categorizer(const std::string& path) {
  auto categorizer = std::make_unique<FileCategorizer>(path);
  if (auto loaded = categorizer->load(); !loaded) return unexpected(std::move(loaded.error()));
  return categorizer;
}

}  // namespace dauth::scanner
