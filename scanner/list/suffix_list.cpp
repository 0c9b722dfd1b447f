#include "scanner/list/suffix_list.h"

#include <libpsl.h>
#include <sys/stat.h>

#include <array>
#include <ctime>
#include <utility>

#include <fmt/format.h>

#include "scanner/list/byte_source.h"
#include "scanner/list/digest.h"

namespace dauth::scanner {
namespace {

struct FreePsl {
  void operator()(psl_ctx_t* list) const { psl_free(list); }
};

std::string date_of_file(const std::string& path) {
  struct stat status{};
  std::tm utc{};
  std::array<char, 16> text{};
  if (::stat(path.c_str(), &status) != 0 || gmtime_r(&status.st_mtime, &utc) == nullptr) return "undated";
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &utc)};
}

}  // namespace

struct SuffixList::Impl {
  std::unique_ptr<psl_ctx_t, FreePsl> loaded;
  const psl_ctx_t* list = nullptr;
};

SuffixList::SuffixList(std::unique_ptr<Impl> impl, std::string version)
    : impl_(std::move(impl)), version_(std::move(version)) {}

SuffixList::~SuffixList() = default;

Result<std::unique_ptr<SuffixList>, std::string> SuffixList::load() {
  auto impl = std::make_unique<Impl>();
  const char* const known_path = psl_dist_filename();
  const std::string path = known_path == nullptr ? "" : known_path;
  if (!path.empty()) impl->loaded.reset(psl_load_file(path.c_str()));
  if (impl->loaded) {
    auto digest = digest_of_file(path);
    if (!digest) return unexpected(fmt::format("{}: {}", path, digest.error()));
    impl->list = impl->loaded.get();
    std::string version =
        fmt::format("{} {} xxh128:{}", path.substr(path.rfind('/') + 1), date_of_file(path), *digest);
    return std::unique_ptr<SuffixList>(new SuffixList(std::move(impl), std::move(version)));
  }
  impl->list = psl_builtin();
  if (impl->list == nullptr) {
    return unexpected<std::string>("there is no public suffix list: install the package publicsuffix");
  }
  std::string version = fmt::format("libpsl built-in sha1:{}", psl_builtin_sha1sum());
  return std::unique_ptr<SuffixList>(new SuffixList(std::move(impl), std::move(version)));
}

bool SuffixList::is_public_suffix(const std::string& name) const {
  return psl_is_public_suffix2(impl_->list, name.c_str(), PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) != 0;
}

std::string suffix_text(const dns::DomainName& name, std::size_t labels) {
  std::string text;
  for (std::size_t index = labels; index-- > 0;) {
    const auto label = name.label_from_right(index);
    if (!label) continue;
    if (!text.empty()) text += '.';
    for (const char c : *label) {
      if (c >= 'A' && c <= 'Z') {
        text += static_cast<char>(c | 0x20);
      } else {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        text += plain ? c : '_';
      }
    }
  }
  return text;
}

}  // namespace dauth::scanner
