#include <utility>

#include "scanner/list/categorizers.h"
#include "scanner/list/suffix_list.h"

namespace dauth::scanner {
namespace {

class SuffixCategorizer final : public Categorizer {
 public:
  explicit SuffixCategorizer(std::unique_ptr<SuffixList> suffixes) : suffixes_(std::move(suffixes)) {}

  // The longest public suffix wins. Suffixes are looked at from the longest, since a rule may stand below a
  // name that has none.
  data::Category category_of(const dns::DomainName& name) const override {
    const std::size_t labels = name.label_count();
    const std::string whole = suffix_text(name, labels);
    std::size_t at = 0;
    for (std::size_t left = labels; left > 0; --left) {
      std::string suffix = whole.substr(at);
      if (suffixes_->is_public_suffix(suffix)) {
        if (left == labels) return data::Category::other();
        return data::Category::from_text(suffix).value_or(data::Category::other());
      }
      at = whole.find('.', at) + 1;
    }
    return data::Category::other();
  }

  std::string suffix_list_version() const override { return suffixes_->version(); }

 private:
  std::unique_ptr<SuffixList> suffixes_;
};

}  // namespace

std::unique_ptr<Categorizer> make_suffix_categorizer(std::unique_ptr<SuffixList> suffixes) {
  return std::make_unique<SuffixCategorizer>(std::move(suffixes));
}

}  // namespace dauth::scanner
