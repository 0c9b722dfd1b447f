// Categorizer: the group that a listed name is counted in, from the name alone. Immutable, so one may serve
// several threads.
//
//   jp      the registration types of `.jp`: AD AC CO GO OR NE GR ED LG GEOGRAPHIC PREFECTURE GENERAL, and
//   OTHER
//           for bare suffixes and names elsewhere. Cities come from the public suffix list.
//   suffix  the public suffix that the name stands under ("co.uk"), in lower-case A-labels; OTHER for a name
//   that
//           is itself a public suffix or stands under a top-level domain that the list does not know
//   FILE    two columns, suffix and category, with a TAB, comma or blanks between; the longest suffix that
//   the name
//           is or stands below; OTHER where there is none
// Only the ICANN part of the public suffix list counts (Debian's publicsuffix, else what libpsl was built
// with). Errors: one line for a person, `file:line` first where a line of FILE is at fault.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "data/category.h"
#include "resolver/dns/domain_name.h"
#include "resolver/dns/result.h"

namespace dauth::scanner {

class Categorizer {
 public:
  virtual ~Categorizer() = default;

  virtual data::Category category_of(const dns::DomainName& name) const = 0;

  // The category that a typed list gives a name, which then wins over category_of. Nothing where it is none:
  // with jp, anything but the 13 codes (any case); otherwise what data::Category refuses; TOTAL always.
  virtual std::optional<data::Category> from_list(std::string_view code) const;

  // Names the list of suffixes that was used: "public_suffix_list.dafsa 2023-02-09 xxh128:…", or the user's
  // file with its digest.
  virtual std::string suffix_list_version() const = 0;
};

// `option` is "jp", "suffix" or the path of a file (write ./jp for a file of that name).
Result<std::unique_ptr<Categorizer>, std::string> make_categorizer(std::string_view option);

}  // namespace dauth::scanner
