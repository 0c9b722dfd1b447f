#include "scanner/record/dmarc_record.h"

#include <algorithm>
#include <array>
#include <utility>

#include "scanner/record/octets.h"
#include "scanner/record/report_uri.h"

namespace dauth::scanner {
namespace {

constexpr std::string_view kTags = "RFC 9989 section 4.7";
constexpr std::string_view kGrammar = "RFC 9989 section 4.8";
constexpr std::string_view kDiscovery = "RFC 9989 section 4.10.1";

struct Slice {
  std::string_view text;
  std::size_t offset = 0;
};

Slice trimmed(Slice slice) {
  while (!slice.text.empty() && is_blank(slice.text.front())) {
    slice.text.remove_prefix(1);
    ++slice.offset;
  }
  while (!slice.text.empty() && is_blank(slice.text.back())) slice.text.remove_suffix(1);
  return slice;
}

// The part of `rest` up to `separator`, which goes with it.
Slice take_until(Slice& rest, char separator) {
  const std::size_t end = rest.text.find(separator);
  const Slice part{rest.text.substr(0, end), rest.offset};
  if (end == std::string_view::npos) {
    rest = {std::string_view(), rest.offset + rest.text.size()};
  } else {
    rest = {rest.text.substr(end + 1), rest.offset + end + 1};
  }
  return part;
}

struct Tag {
  Slice name;
  Slice value;
};

// Nothing where the text is no tag. Names are held to DKIM's grammar (RFC 6376 section 3.2), wider than
// 1*ALPHA: a later tag may have a digit in its name, and is then unknown rather than malformed.
std::optional<Tag> parse_tag(Slice text) {
  const std::size_t equals = text.text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  Tag tag;
  tag.name = trimmed({text.text.substr(0, equals), text.offset});
  tag.value = trimmed({text.text.substr(equals + 1), text.offset + equals + 1});
  const std::string_view name = tag.name.text;
  if (name.empty() || !is_alpha(name.front()) ||
      !std::all_of(name.begin(), name.end(), [](char c) { return is_alphanumeric(c) || c == '_'; })) {
    return std::nullopt;
  }
  return tag;
}

std::optional<DmarcPolicy> parse_policy(std::string_view value) {
  if (equals_ignoring_case(value, "none")) return DmarcPolicy::kNone;
  if (equals_ignoring_case(value, "quarantine")) return DmarcPolicy::kQuarantine;
  if (equals_ignoring_case(value, "reject")) return DmarcPolicy::kReject;
  return std::nullopt;
}

std::optional<DmarcAlignment> parse_alignment(std::string_view value) {
  if (equals_ignoring_case(value, "r")) return DmarcAlignment::kRelaxed;
  if (equals_ignoring_case(value, "s")) return DmarcAlignment::kStrict;
  return std::nullopt;
}

std::optional<DmarcPublicSuffix> parse_public_suffix(std::string_view value) {
  if (equals_ignoring_case(value, "y")) return DmarcPublicSuffix::kYes;
  if (equals_ignoring_case(value, "n")) return DmarcPublicSuffix::kNo;
  if (equals_ignoring_case(value, "u")) return DmarcPublicSuffix::kUnknown;
  return std::nullopt;
}

std::optional<DmarcTesting> parse_testing(std::string_view value) {
  if (equals_ignoring_case(value, "y")) return DmarcTesting::kYes;
  if (equals_ignoring_case(value, "n")) return DmarcTesting::kNo;
  return std::nullopt;
}

// 0, 1, d and s with colons between, each at most once, 0 and 1 not together.
std::optional<DmarcFailureOptions> parse_failure_options(std::string_view value) {
  DmarcFailureOptions options;
  bool trigger_seen = false;
  std::size_t at = 0;
  while (true) {
    const std::size_t end = std::min(value.find(':', at), value.size());
    if (end - at != 1) return std::nullopt;
    const char option = lowered(value[at]);
    bool* seen = nullptr;
    switch (option) {
      case '0':
      case '1':
        seen = &trigger_seen;
        if (option == '1') options.trigger = DmarcFailureOptions::Trigger::kAnyFails;
        break;
      case 'd':
        seen = &options.dkim_reports;
        break;
      case 's':
        seen = &options.spf_reports;
        break;
      default:
        return std::nullopt;
    }
    if (*seen) return std::nullopt;
    *seen = true;
    if (end == value.size()) return options;
    at = end + 1;
  }
}

// Reads tag after tag into a record and notes what it passes over.
class Reader {
 public:
  void read_tag(const Tag& tag) {
    tags_.push_back({std::string(tag.name.text), std::string(tag.value.text), tag.name.offset});
    const auto known = std::find_if(kKnownTags.begin(), kKnownTags.end(), [&](const KnownTag& candidate) {
      return equals_ignoring_case(candidate.name, tag.name.text);
    });
    if (known == kKnownTags.end()) {
      if (equals_ignoring_case("v", tag.name.text)) ignore(tag.name.offset, "tag twice, the first holds");
      return;
    }
    bool& seen = seen_[static_cast<std::size_t>(known - kKnownTags.begin())];
    if (std::exchange(seen, true)) {
      ignore(tag.name.offset, "tag twice, the first holds");
      return;
    }
    (this->*known->read)(tag.value);
  }

  void ignore(std::size_t offset, std::string_view reason) {
    record_.ignored.push_back({kGrammar, offset, reason});
  }

  DmarcReading finish() {
    if (!ruf_present_) record_.failure_options = {};  // section 4.7: fo says nothing without ruf
    DmarcReading reading;
    if (invalid_policy_) {
      if (!record_.asks_for_reports()) reading.unusable = invalid_policy_;
      record_.policy = DmarcPolicy::kNone;
      record_.policy_source = DmarcPolicySource::kInvalidToNone;
      record_.subdomain_policy.reset();
      record_.nonexistent_policy.reset();
    }
    reading.record = std::move(record_);
    reading.tags = std::move(tags_);
    return reading;
  }

 private:
  struct KnownTag {
    std::string_view name;
    void (Reader::*read)(Slice value);
  };
  static const std::array<KnownTag, 10> kKnownTags;

  template <class T>
  void assign(T& field, const std::optional<T>& value, Slice text) {
    if (value) {
      field = *value;
    } else {
      ignore(text.offset, "value not allowed for its tag");
    }
  }

  std::optional<DmarcPolicy> policy_of(Slice value, std::string_view reason) {
    const auto policy = parse_policy(value.text);
    if (!policy) {
      ignore(value.offset, reason);
      if (!invalid_policy_) invalid_policy_ = RecordError{kDiscovery, value.offset, reason};
    }
    return policy;
  }

  void read_p(Slice value) {
    if (const auto policy = policy_of(value, "p is not none, quarantine or reject")) {
      record_.policy = *policy;
      record_.policy_source = DmarcPolicySource::kPublished;
    }
  }
  void read_sp(Slice value) {
    record_.subdomain_policy = policy_of(value, "sp is not none, quarantine or reject");
  }
  void read_np(Slice value) {
    record_.nonexistent_policy = policy_of(value, "np is not none, quarantine or reject");
  }
  void read_rua(Slice value) { read_uris(value, record_.aggregate_report_uris); }
  void read_ruf(Slice value) {
    ruf_present_ = true;
    read_uris(value, record_.failure_report_uris);
  }
  void read_adkim(Slice value) { assign(record_.dkim_alignment, parse_alignment(value.text), value); }
  void read_aspf(Slice value) { assign(record_.spf_alignment, parse_alignment(value.text), value); }
  void read_fo(Slice value) { assign(record_.failure_options, parse_failure_options(value.text), value); }
  void read_psd(Slice value) { assign(record_.public_suffix, parse_public_suffix(value.text), value); }
  void read_t(Slice value) { assign(record_.testing, parse_testing(value.text), value); }

  void read_uris(Slice list, std::vector<std::string>& uris) {
    while (true) {
      const bool is_last = list.text.find(',') == std::string_view::npos;
      const Slice element = trimmed(take_until(list, ','));
      if (const auto uri = report_uri(element.text, element.offset)) {
        uris.emplace_back(*uri);
      } else {
        record_.ignored.push_back(uri.error());
      }
      if (is_last) return;
    }
  }

  DmarcRecord record_;
  std::vector<DmarcTag> tags_;
  std::optional<RecordError> invalid_policy_;
  bool ruf_present_ = false;
  std::array<bool, 10> seen_{};
};

const std::array<Reader::KnownTag, 10> Reader::kKnownTags{{
    {"p", &Reader::read_p},
    {"sp", &Reader::read_sp},
    {"np", &Reader::read_np},
    {"rua", &Reader::read_rua},
    {"ruf", &Reader::read_ruf},
    {"adkim", &Reader::read_adkim},
    {"aspf", &Reader::read_aspf},
    {"fo", &Reader::read_fo},
    {"psd", &Reader::read_psd},
    {"t", &Reader::read_t},
}};

bool is_version(Slice text) {
  const auto tag = parse_tag(text);
  return tag && tag->name.offset == text.offset && equals_ignoring_case(tag->name.text, "v") &&
         tag->value.text == "DMARC1";
}

}  // namespace

bool is_dmarc_record(std::string_view record) {
  Slice rest{record, 0};
  return is_version(take_until(rest, ';'));
}

Result<DmarcReading, RecordError> read_dmarc(std::string_view record) {
  Slice rest{record, 0};
  if (!is_version(take_until(rest, ';'))) {
    return unexpected(RecordError{kTags, 0, "first tag is not v=DMARC1"});
  }
  Reader reader;
  while (!rest.text.empty()) {
    const Slice text = trimmed(take_until(rest, ';'));
    if (text.text.empty()) {
      if (!rest.text.empty()) reader.ignore(text.offset, "empty tag");
    } else if (const auto tag = parse_tag(text)) {
      reader.read_tag(*tag);
    } else {
      reader.ignore(text.offset, "not a tag");
    }
  }
  return reader.finish();
}

Result<DmarcRecord, RecordError> parse_dmarc(std::string_view record) {
  auto reading = read_dmarc(record);
  if (!reading) return unexpected(reading.error());
  if (reading->unusable) return unexpected(*reading->unusable);
  return std::move(reading->record);
}

}  // namespace dauth::scanner
