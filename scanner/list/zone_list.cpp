#include "scanner/list/zone_list.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace dauth::scanner {
namespace {

// No RR is longer: 65,535 octets of RDATA, each as `\DDD`, and as much again for blanks and comments.
constexpr std::size_t kLongestRecord = 512 * 1024;

// Where a word ends that is not quoted.
constexpr std::array<bool, 256> word_ends() {
  std::array<bool, 256> table{};
  for (const char c : {' ', '\t', ';', '(', ')', '"'}) table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kEndsWord = word_ends();

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool contains(std::string_view text, char c) {
  return !text.empty() && std::memchr(text.data(), c, text.size()) != nullptr;
}

std::string_view next_word(std::string_view& text) {
  text = trimmed(text);
  const std::size_t end = std::min(text.find_first_of(" \t;"), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

std::string upper_case(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c; });
  return upper;
}

}  // namespace

std::optional<ListItem> ZoneList::accept(const ListLine& line) {
  if (line.overlong) {
    // Where it would have ended is not known; the entry that it belongs to is lost with it.
    open_parentheses_ = 0;
    return rejected_line(source_, line.number, "line longer than 65,536 octets", line.text);
  }
  if (open_parentheses_ == 0) {
    if (line.text.empty()) return std::nullopt;
    if (line.text[0] == ';') return comment(line);
    if (line.text[0] == '$') return directive(line);
    begin_record(line);
  }
  record_octets_ += line.text.size() + 1;
  read_words(line.text);
  if (open_parentheses_ == 0) return end_record();
  if (record_octets_ > kLongestRecord) {
    open_parentheses_ = 0;
    reject_record(fmt::format("a parenthesis that opens here is not closed up to line {}", line.number));
    return end_record();
  }
  if (record_text_.empty()) record_text_ = record_line_text_.substr(0, 200);
  record_line_text_ = record_text_;
  return std::nullopt;
}

void ZoneList::begin_record(const ListLine& line) {
  expecting_ = is_blank(line.text[0]) ? Expecting::kType : Expecting::kOwner;
  record_has_words_ = false;
  seen_ttl_ = false;
  seen_class_ = false;
  is_other_class_ = false;
  type_ = ZoneWord::kUnknown;
  rdata_words_ = 0;
  rdata_is_generic_ = false;
  record_octets_ = 0;
  record_line_ = line.number;
  record_line_text_ = line.text;
  record_text_.clear();
  record_problem_.reset();
}

void ZoneList::reject_record(std::string reason) {
  if (!record_problem_) record_problem_ = std::move(reason);
}

void ZoneList::read_words(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (is_blank(c)) {
      ++at;
      continue;
    }
    // The RDATA of the types that do not matter is passed over at once where it cannot reach the next line.
    if (expecting_ == Expecting::kRdata && type_ == ZoneWord::kOtherType && open_parentheses_ == 0) {
      const std::string_view rest = text.substr(at);
      if (!contains(rest, '(') && !contains(rest, '"') && !contains(rest, ')')) return;
    }
    switch (c) {
      case ';':
        return;
      case '(':
        ++open_parentheses_;
        ++at;
        continue;
      case ')':
        if (open_parentheses_ == 0) {
          reject_record("a closing parenthesis without an opening one");
          return;
        }
        --open_parentheses_;
        ++at;
        continue;
      case '"': {
        const std::size_t start = ++at;
        while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2U : 1U;
        if (at >= text.size()) {
          // To go on reading it as part of this entry would risk all that follows.
          open_parentheses_ = 0;
          reject_record("a quoted string does not end on its line");
          return;
        }
        take_word(text.substr(start, at - start));
        ++at;
        continue;
      }
      default: {
        const std::size_t start = at;
        while (at < text.size() && !kEndsWord[static_cast<unsigned char>(text[at])]) {
          at += text[at] == '\\' ? 2U : 1U;
        }
        at = std::min(at, text.size());
        take_word(text.substr(start, at - start));
      }
    }
  }
}

void ZoneList::take_word(std::string_view word) {
  record_has_words_ = true;
  switch (expecting_) {
    case Expecting::kOwner:
      take_owner(word);
      return;
    case Expecting::kType:
      take_type_or_before(word);
      return;
    case Expecting::kRdata:
      ++rdata_words_;
      if (type_ == ZoneWord::kTypeNs && !is_other_class_) take_name_server(word);
      return;
  }
}

void ZoneList::take_owner(std::string_view word) {
  expecting_ = Expecting::kType;
  // Most entries of a zone repeat the owner of the one before.
  if (has_owner_ && !word.empty() && word == owner_text_) return;
  has_owner_ = true;
  owner_text_ = word;
  owner_problem_.clear();
  if (auto read = read_zone_name(word, origin(), owner_); !read) owner_problem_ = std::move(read.error());
}

void ZoneList::take_type_or_before(std::string_view word) {
  const ZoneWord kind = classify_zone_word(word);
  switch (kind) {
    case ZoneWord::kTtl:
      if (std::exchange(seen_ttl_, true)) reject_record("two TTLs");
      return;
    case ZoneWord::kOtherClass:
      is_other_class_ = true;
      [[fallthrough]];
    case ZoneWord::kClassIn:
      if (std::exchange(seen_class_, true)) reject_record("two classes");
      return;
    case ZoneWord::kTypeNs:
    case ZoneWord::kTypeSoa:
    case ZoneWord::kOtherType:
      type_ = kind;
      expecting_ = Expecting::kRdata;
      return;
    case ZoneWord::kUnknown:
      // Its RDATA is passed over, but a parenthesis in it still counts.
      type_ = ZoneWord::kOtherType;
      expecting_ = Expecting::kRdata;
      reject_record("neither a TTL nor a class nor an RR type behind the owner");
      return;
  }
}

void ZoneList::take_name_server(std::string_view word) {
  if (rdata_words_ == 1) {
    rdata_is_generic_ = word == "\\#";
    if (rdata_is_generic_) return;
    if (auto read = read_zone_name(word, origin(), name_server_); !read) {
      reject_record(fmt::format("name server: {}", read.error()));
    }
  } else if (!rdata_is_generic_) {
    reject_record("more than one word behind NS");
  }
}

std::optional<ListItem> ZoneList::end_record() {
  if (!record_has_words_ && !record_problem_) return std::nullopt;
  if (!record_problem_) {
    if (!has_owner_) {
      reject_record("no owner, and none before it");
    } else if (expecting_ != Expecting::kRdata) {
      reject_record("no RR type");
    } else if (type_ == ZoneWord::kTypeSoa && !is_other_class_ && !has_apex_ && !owner_problem_.empty() &&
               !has_origin_) {
      return list_error(
          source_, record_line_,
          "the zone file does not say whose zone it is: put a line \"$ORIGIN zone.\" before it");
    } else if (!owner_problem_.empty()) {
      reject_record(owner_problem_);
    } else if (rdata_words_ == 0 && type_ != ZoneWord::kOtherType) {
      reject_record(type_ == ZoneWord::kTypeNs ? "NS without a name server" : "SOA without RDATA");
    }
  }
  if (record_problem_) {
    return rejected_line(source_, record_line_, std::move(*record_problem_), record_line_text_);
  }
  if (is_other_class_) return std::nullopt;
  if (type_ == ZoneWord::kTypeSoa) return end_of_soa();
  if (type_ == ZoneWord::kTypeNs) return end_of_ns();
  return std::nullopt;
}

std::optional<ListItem> ZoneList::end_of_soa() {
  ++soa_count_;
  if (has_apex_) return std::nullopt;
  has_apex_ = true;
  apex_ = owner_;
  if (!has_origin_) {
    has_origin_ = true;
    origin_ = owner_;
    owner_text_.clear();  // the same text may be a name now
  }
  return release_held();
}

std::optional<ListItem> ZoneList::end_of_ns() {
  if (has_last_name_ && last_name_ == owner_) return std::nullopt;
  has_last_name_ = true;
  last_name_ = owner_;
  ListEntry entry;
  entry.line = record_line_;
  if (!rdata_is_generic_) entry.name_server = name_server_.to_domain_name();
  if (has_apex_) return name_below(apex_, owner_, std::move(entry), record_line_text_);
  if (origin_by_directive_) return name_below(origin_, owner_, std::move(entry), record_line_text_);
  std::optional<ListItem> before = release_held();
  held_ = std::move(entry);
  held_owner_ = owner_;
  held_text_ = record_line_text_.substr(0, 200);
  return before;
}

std::optional<ListItem> ZoneList::name_below(const WireName& apex, const WireName& owner, ListEntry&& entry,
                                             std::string_view text) {
  if (owner == apex) return std::nullopt;  // the zone's own servers
  if (!owner.is_strictly_below(apex)) {
    return rejected_line(source_, entry.line,
                         fmt::format("not below the zone's origin {}", apex.to_domain_name().to_text()),
                         text);
  }
  entry.name = owner.to_domain_name();
  return ListItem(std::move(entry));
}

std::optional<ListItem> ZoneList::release_held() {
  if (!held_) return std::nullopt;
  ListEntry entry = std::move(*held_);
  held_.reset();
  if (has_apex_) return name_below(apex_, held_owner_, std::move(entry), held_text_);
  if (held_owner_.is_root()) return std::nullopt;
  entry.name = held_owner_.to_domain_name();
  return ListItem(std::move(entry));
}

std::optional<ListItem> ZoneList::directive(const ListLine& line) {
  std::string_view rest = line.text;
  const std::string word = upper_case(next_word(rest));
  if (word == "$TTL") return std::nullopt;
  if (word == "$INCLUDE") {
    return list_error(
        source_, line.number,
        "$INCLUDE: other files are not read; give the zone in one file (named-compilezone writes it)");
  }
  if (word == "$GENERATE")
    return rejected_line(source_, line.number, "$GENERATE is not carried out", line.text);
  if (word != "$ORIGIN") return rejected_line(source_, line.number, "unknown directive", line.text);
  WireName named;
  if (auto read = read_zone_name(next_word(rest), origin(), named); !read) {
    return rejected_line(source_, line.number, fmt::format("$ORIGIN: {}", read.error()), line.text);
  }
  std::optional<ListItem> before = release_held();
  origin_ = named;
  has_origin_ = true;
  origin_by_directive_ = true;
  // The same text may mean another name now; an entry without an owner still means the one before.
  owner_text_.clear();
  return before;
}

std::optional<ListItem> ZoneList::comment(const ListLine& line) {
  if (line.text.starts_with("; <<>> DiG")) {
    const std::string options = upper_case(line.text);
    is_transfer_by_dig_ =
        options.find(" AXFR") != std::string::npos && options.find("ONESOA") == std::string::npos;
  }
  if (line.text.starts_with("; Transfer failed")) {
    return list_error(source_, line.number, "the zone transfer printed here failed");
  }
  return std::nullopt;
}

std::string ZoneList::nothing_found() const {
  if (!has_apex_) return ListParser::nothing_found();
  return fmt::format("no name in it: the zone {} delegates none", apex_.to_domain_name().to_text());
}

std::optional<ListItem> ZoneList::finish() {
  if (held_) return release_held();
  if (std::exchange(finished_, true)) return std::nullopt;
  if (open_parentheses_ > 0) {
    open_parentheses_ = 0;
    finished_ = false;
    reject_record("a parenthesis that opens here is never closed");
    return end_record();
  }
  if (is_transfer_by_dig_ && soa_count_ < 2) {
    return list_error(source_, "the print of the zone transfer breaks off: its closing SOA is missing");
  }
  return std::nullopt;
}

}  // namespace dauth::scanner
