// ZoneList: the names that a registry's zone delegates, from a master file or the print of a zone transfer
// (RFC 1035 section 5, RFC 2308 section 4, RFC 3597 section 5).
//
// An entry is the owner of an NS RR of class IN strictly below the origin; NS RRs in a row with the same
// owner are one. Owners deeper than a child of the origin count too: what a registry delegates at the third
// level (example.co.jp in `jp`), and also an NS RR below a delegation, since the file alone does not tell the
// two apart.
//
// The origin is the owner of the first SOA RR; before one, the $ORIGIN in force. With neither, every NS owner
// counts, but for those whose own RRs turn out to have the SOA (sorted files put the apex's NS first). An NS
// owner elsewhere is rejected, so that two zones in one file are noticed. RRs of other types and classes are
// passed over: owner and type must be sound, RDATA is not judged. $GENERATE is rejected with a reason.
//
// Ends in a ListError: an SOA RR with a relative owner while no origin is known (nothing in the file could be
// read), $INCLUDE (an unknown part of the zone stands elsewhere), and a print by dig of a transfer that
// failed or lacks its closing SOA RR.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/dns/domain_name.h"
#include "scanner/list/list_name.h"
#include "scanner/list/list_parser.h"
#include "scanner/list/zone_token.h"

namespace dauth::scanner {

class ZoneList final : public ListParser {
 public:
  explicit ZoneList(std::string source) : source_(std::move(source)) {}
  std::optional<ListItem> accept(const ListLine& line) override;
  std::optional<ListItem> finish() override;
  std::string nothing_found() const override;

 private:
  // What of an entry ("record" below, one or more lines) the next word is.
  enum class Expecting : std::uint8_t { kOwner, kType, kRdata };

  void begin_record(const ListLine& line);
  void read_words(std::string_view text);
  void take_word(std::string_view word);
  void take_owner(std::string_view word);
  void take_type_or_before(std::string_view word);
  void take_name_server(std::string_view word);
  void reject_record(std::string reason);
  std::optional<ListItem> end_record();
  std::optional<ListItem> end_of_soa();
  std::optional<ListItem> end_of_ns();
  std::optional<ListItem> directive(const ListLine& line);
  std::optional<ListItem> comment(const ListLine& line);
  std::optional<ListItem> name_below(const WireName& apex, const WireName& owner, ListEntry&& entry,
                                     std::string_view text);
  std::optional<ListItem> release_held();
  const WireName* origin() const { return has_origin_ ? &origin_ : nullptr; }

  std::string source_;

  // Of the file.
  WireName origin_;  // what relative names stand below
  bool has_origin_ = false;
  bool origin_by_directive_ = false;
  WireName apex_;  // owner of the first SOA RR
  bool has_apex_ = false;
  std::size_t soa_count_ = 0;
  bool is_transfer_by_dig_ = false;

  // Of the last owner that was written, for entries that leave it blank.
  WireName owner_;
  std::string owner_text_;
  std::string owner_problem_;
  bool has_owner_ = false;

  // Of the entry that is being read.
  Expecting expecting_ = Expecting::kOwner;
  bool record_has_words_ = false;
  bool seen_ttl_ = false;
  bool seen_class_ = false;
  bool is_other_class_ = false;
  ZoneWord type_ = ZoneWord::kUnknown;
  std::size_t rdata_words_ = 0;
  bool rdata_is_generic_ = false;  // RFC 3597's `\#`
  std::size_t open_parentheses_ = 0;
  std::size_t record_octets_ = 0;
  std::uint64_t record_line_ = 0;
  std::string_view record_line_text_;
  std::string record_text_;  // start of the first line, kept when the entry goes on
  std::optional<std::string> record_problem_;
  WireName name_server_;

  // Of the delegations.
  WireName last_name_;
  bool has_last_name_ = false;
  // While no origin is known: the last NS owner, until another owner or the SOA RR tells what it is.
  std::optional<ListEntry> held_;
  WireName held_owner_;
  std::string held_text_;
  bool finished_ = false;
};

}  // namespace dauth::scanner
