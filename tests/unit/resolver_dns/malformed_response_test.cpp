// Messages that lie: cut, miscounted, with RDATA of a wrong length and names that lead nowhere. None of them
// may end as an answer or as an absence. Octets lie in buffers of their own length, so that the address
// sanitizer sees the first one read too many.
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <string>
#include <vector>

#include "resolver/dns/classify_response.h"
#include "tests/unit/resolver_dns/sample_responses.h"

namespace dauth::dns {
namespace {

using namespace dauth::testing;
using std::string_literals::operator""s;

std::string shown(const ResponseParts& parts) {
  return show(classify(parts.octets(), parts.question()));
}

Record text(std::string_view data) {
  return {.owner = "example.jp", .rdata = txt({data})};
}

void append(Octets& octets, const std::string& more) {
  octets.insert(octets.end(), more.begin(), more.end());
}

// Where the three sections' counts stand in the header.
constexpr std::size_t kCounts[] = {6, 8, 10};

// A message with nothing but a header and the question `. TXT`: the first RR begins at octet 17.
Octets empty_message() {
  return ResponseParts{.qname = "."}.octets();
}
constexpr std::size_t kFirstRecord = 17;

// `record` as the only RR of each section in turn.
std::vector<std::string> in_each_section(const std::string& record) {
  std::vector<std::string> outcomes;
  for (const std::size_t count_at : kCounts) {
    Octets octets = empty_message();
    put_u16(octets, count_at, 1);
    append(octets, record);
    outcomes.push_back(show(classify(octets, {DomainName(), RrType::kTxt})));
  }
  return outcomes;
}

const std::vector<std::string> kMalformedEverywhere(3, "Failure (malformed)");

TEST(Malformed, CutAnywhere) {
  for (const Compression compression : {Compression::kNames, Compression::kNone}) {
    for (auto [title, parts, outcome] : sample_responses()) {
      parts.compression = compression;
      const Octets whole = parts.octets();
      for (std::size_t length = 12; length < whole.size(); ++length) {
        const Octets cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        const auto judged = classify_unaccepted(cut, parts.question());
        ASSERT_EQ(show(judged), (parts.flags & kTc) != 0 ? "Failure (truncated)" : "Failure (malformed)")
            << title << " cut at " << length;
      }
    }
  }
}

TEST(Malformed, CountsThatLie) {
  for (const auto& [title, parts, outcome] : sample_responses()) {
    if ((parts.flags & kTc) != 0) continue;
    const Octets whole = parts.octets();
    for (const std::size_t count_at : kCounts) {
      const unsigned count = whole[count_at] * 256U + whole[count_at + 1];
      for (const unsigned lie : {count + 1, count + 256, 0xffffU}) {
        Octets octets = whole;
        put_u16(octets, count_at, static_cast<std::uint16_t>(lie));
        EXPECT_EQ(show(classify(octets, parts.question())), "Failure (malformed)") << title << ": " << lie;
      }
    }
  }
}

// What stands behind the last RR belongs to no section, as BIND and Unbound see it too.
TEST(Malformed, OctetsBehindTheLastRrDoNotCount) {
  for (const auto& [title, parts, outcome] : sample_responses()) {
    Octets octets = parts.octets();
    append(octets, "\xc0\xff trailing"s);
    EXPECT_EQ(show(classify(octets, parts.question())), outcome) << title;
  }
}

TEST(Malformed, RdataPastTheEnd) {
  const auto lie = [](unsigned by) {
    Record record = text("12345");
    record.rdata_length = static_cast<std::uint16_t>(6 + by);
    return record;
  };
  for (const unsigned by : {1U, 2U, 255U, 0xfff0U}) {
    EXPECT_EQ(shown({.answer = {lie(by)}}), "Failure (malformed)") << by;
    EXPECT_EQ(shown({.authority = {lie(by)}}), "Failure (malformed)") << by;
    EXPECT_EQ(shown({.additional = {lie(by)}}), "Failure (malformed)") << by;
    EXPECT_EQ(shown({.rcode = kNxDomain, .additional = {lie(by)}}), "Failure (malformed)") << by;
    EXPECT_EQ(shown({.answer = {text("x")}, .authority = {lie(by)}}), "Failure (malformed)") << by;
    EXPECT_EQ(shown({.answer = {text("x")}, .additional = {lie(by)}}), "Failure (malformed)") << by;
  }
}

Octets flattened(const Rdata& rdata) {
  Octets octets;
  for (const RdataPart& part : rdata) {
    if (const auto* plain = std::get_if<Octets>(&part)) {
      octets.insert(octets.end(), plain->begin(), plain->end());
    } else {
      const auto wire = std::get<DomainName>(part).wire();
      octets.insert(octets.end(), wire.begin(), wire.end());
    }
  }
  return octets;
}

// RDATA cut short, or with octets behind what the type wants; RDLENGTH is true to that.
TEST(Malformed, RdataOfAWrongLength) {
  const struct {
    RrType type;
    Rdata rdata;
  } cases[] = {
      {RrType::kA, raw("1234")},
      {RrType::kAaaa, raw("1234567890123456")},
      {RrType::kMx, mx(10, "mail.jp")},
      {RrType::kNs, target("ns.jp")},
      {RrType::kPtr, target("ns.jp")},
      {RrType::kSoa, soa("ns.jp", "root.jp")},
      {RrType::kSrv, {octets_of("\0\1\0\2\0\3"s), name("a.jp")}},
  };
  for (const auto& row : cases) {
    const Octets whole = flattened(row.rdata);
    for (std::size_t length = 0; length <= whole.size() + 3; ++length) {
      Octets rdata = whole;
      rdata.resize(length);
      const ResponseParts parts{.qtype = row.type,
                                .answer = {{"example.jp", row.type, {rdata}}, text("next")}};
      const std::string outcome = shown(parts);
      if (length == whole.size()) {
        EXPECT_EQ(outcome.substr(0, 7), "Answer:") << to_text(row.type);
      } else {
        EXPECT_EQ(outcome, "Failure (malformed)") << to_text(row.type) << " of " << length;
      }
    }
  }
}

// RDLENGTH less or more than the RDATA that stands there.
TEST(Malformed, RdlengthThatLies) {
  for (const std::uint16_t length : {std::uint16_t{10}, std::uint16_t{12}}) {
    const ResponseParts parts{
        .qtype = RrType::kMx,
        .answer = {{"example.jp", RrType::kMx, mx(10, "mail.jp"), 1, 300, length}, text("next")},
        .compression = Compression::kNone};
    EXPECT_EQ(shown(parts), "Failure (malformed)") << length;
  }
}

TEST(Malformed, AliasesOfAWrongLength) {
  for (const RrType type : {RrType::kCname, RrType::kDname}) {
    const std::string qname = type == RrType::kCname ? "example.jp" : "a.example.jp";
    for (const auto& rdata : {""s, "\1"s, "\1b\2jp"s, "\1b\2jp\0\0"s, "\1b\2jp\0x"s, "\300"s, "\100b"s}) {
      EXPECT_EQ(shown({.qname = qname, .answer = {{"example.jp", type, raw(rdata)}, text("x")}}),
                "Failure (malformed)")
          << to_text(type);
    }
    // A name that ends in the next RR.
    EXPECT_EQ(shown({.qname = qname,
                     .answer = {{"example.jp", type, raw("\1b\2jp\0"s), 1, 300, 2}, text("x"), text("y")}}),
              "Failure (malformed)")
        << to_text(type);
  }
}

TEST(Malformed, CharacterStringsPastTheRdata) {
  for (const RrType type : {RrType::kTxt, RrType::kSpf}) {
    for (const auto& rdata : {"\1"s, "\2a"s, "\377a"s, "\1a\1"s, "\1a\0\5abcd"s}) {
      // The octets that the string would take are there: they are the next RR's.
      EXPECT_EQ(shown({.qtype = type,
                       .answer = {{"example.jp", type, raw(rdata)}, {"example.jp", type, txt({"behind"})}}}),
                "Failure (malformed)");
    }
  }
}

// RFC 1035 section 3.3.14 wants one string at least. Nothing is said, and nothing misunderstood.
TEST(Malformed, NoCharacterStringAtAllIsEmptyData) {
  const ResponseParts parts{.answer = {{.owner = "example.jp"}, text("x")}};
  const auto outcome = classify(parts.octets(), parts.question());
  const auto* answer = std::get_if<Answer>(&outcome);
  ASSERT_NE(answer, nullptr) << show(outcome);
  ASSERT_EQ(answer->rrset.size(), 2U);
  EXPECT_TRUE(answer->rrset[0].rdata.empty());
  EXPECT_EQ(join_character_strings(answer->rrset[0].rdata), "");
  EXPECT_EQ(join_character_strings(answer->rrset[1].rdata), "x");
}

// Owners of each section: `fixed` is TYPE, CLASS, TTL and an RDLENGTH of 0.
TEST(Malformed, OwnersThatAreNoNames) {
  const std::string fixed = "\0\20\0\1\0\0\0\0\0\0"s;
  EXPECT_EQ(in_each_section("\0"s + fixed), (std::vector<std::string>{"Answer: . TXT ", "NoData", "NoData"}));
  EXPECT_EQ(in_each_section("\1a\300\14"s + fixed), (std::vector<std::string>(3, "NoData")));

  EXPECT_EQ(in_each_section("\300\21"s + fixed), kMalformedEverywhere);          // to itself
  EXPECT_EQ(in_each_section("\1a\300\21"s + fixed), kMalformedEverywhere);       // to its own beginning
  EXPECT_EQ(in_each_section("\1a\300\22"s + fixed), kMalformedEverywhere);       // to its own middle
  EXPECT_EQ(in_each_section("\300\34"s + fixed + "\0"s), kMalformedEverywhere);  // forward, to a root label
  EXPECT_EQ(in_each_section("\300\24"s + fixed), kMalformedEverywhere);          // forward, into its RR
  EXPECT_EQ(in_each_section("\377\377"s + fixed), kMalformedEverywhere);         // past the end
  EXPECT_EQ(in_each_section("\300\1"s + fixed), kMalformedEverywhere);           // into the header
  EXPECT_EQ(in_each_section("\300\0"s + fixed), kMalformedEverywhere);
  for (const char type_bits : {'\100', '\200'}) {  // label types 01 and 10, with what a length would want
    for (const std::size_t length : {64U, 128U}) {
      std::string owner(length, 'a');
      owner.insert(0, 1, type_bits).push_back('\0');
      EXPECT_EQ(in_each_section(owner + fixed), kMalformedEverywhere);
    }
  }
  EXPECT_EQ(in_each_section("\300"s), kMalformedEverywhere);  // half a pointer at the end
  EXPECT_EQ(in_each_section("\1a"s), kMalformedEverywhere);
  EXPECT_EQ(in_each_section("\77"s), kMalformedEverywhere);
}

TEST(Malformed, OwnersInALoopOfTwo) {
  // Each of the two RRs' owners points at the other's: the first one leads forward.
  const std::string fixed = "\0\20\0\1\0\0\0\0\0\0"s;
  for (const std::size_t count_at : kCounts) {
    Octets octets = empty_message();
    put_u16(octets, count_at, 2);
    append(octets, "\300\35"s + fixed);
    append(octets, "\300\21"s + fixed);
    EXPECT_EQ(show(classify(octets, {DomainName(), RrType::kTxt})), "Failure (malformed)");
  }
}

TEST(Malformed, NamesLongerThan255Octets) {
  std::string labels;
  for (int i = 0; i < 3; ++i) labels.append("\77").append(63, 'a');
  const std::string fixed = "\0\20\0\1\0\0\0\0"s;
  const auto owner_of = [&](std::size_t last) {
    return labels + static_cast<char>(last) + std::string(last, 'b') + "\0"s;
  };
  EXPECT_EQ(in_each_section(owner_of(61) + fixed + "\0\0"s), (std::vector<std::string>(3, "NoData")));
  EXPECT_EQ(in_each_section(owner_of(62) + fixed + "\0\0"s), kMalformedEverywhere);
  // Too long only by what its pointer leads to: 64 octets more before a name of 194.
  for (const std::size_t count_at : kCounts) {
    Octets octets = empty_message();
    put_u16(octets, count_at, 2);
    const std::string behind_owner = fixed + "\0\0"s;
    append(octets, labels + "\0"s);
    append(octets, behind_owner);
    append(octets, "\77" + std::string(63, 'b'));
    append(octets, "\300\21" + behind_owner);
    EXPECT_EQ(show(classify(octets, {DomainName(), RrType::kTxt})), "Failure (malformed)");
  }
}

TEST(Malformed, PointersToPointersEndSomewhere) {
  const auto behind_pointers = [](unsigned count) {
    Octets octets = empty_message();
    put_u16(octets, 6, 2);
    Octets rdata;
    std::size_t last = 12;  // the question's root label
    for (unsigned i = 1; i < count; ++i) {
      const std::size_t at = kFirstRecord + 11 + rdata.size();
      rdata.resize(rdata.size() + 2);
      put_u16(rdata, rdata.size() - 2, static_cast<std::uint16_t>(0xc000 | last));
      last = at;
    }
    append(octets, "\0\377\0\0\1\0\0\0\0"s + static_cast<char>(rdata.size() >> 8) +
                       static_cast<char>(rdata.size() & 0xff));
    octets.insert(octets.end(), rdata.begin(), rdata.end());
    octets.resize(octets.size() + 2);
    put_u16(octets, octets.size() - 2, static_cast<std::uint16_t>(0xc000 | last));
    append(octets, "\0\20\0\1\0\0\0\0\0\2\1x"s);
    return show(classify(octets, {DomainName(), RrType::kTxt}));
  };
  EXPECT_EQ(behind_pointers(1), "Answer: . TXT \"x\"");
  EXPECT_EQ(behind_pointers(127), "Answer: . TXT \"x\"");
  EXPECT_EQ(behind_pointers(128), "Failure (malformed)");
  EXPECT_EQ(behind_pointers(8000), "Failure (malformed)");
}

TEST(Malformed, NamesInRdataThatAreNone) {
  // The question ends, and the RR's RDATA begins, at known octets: 17 and 28.
  const auto cname_to = [](const std::string& rdata) {
    Octets octets = empty_message();
    put_u16(octets, 6, 1);
    append(octets, "\0\0\5\0\1\0\0\0\0"s + std::string{'\0', static_cast<char>(rdata.size())} + rdata);
    append(octets, std::string(8, '\0'));
    return show(classify(octets, {DomainName(), RrType::kTxt}));
  };
  EXPECT_EQ(cname_to("\1a\0"s), "NoData: . CNAME a");
  EXPECT_EQ(cname_to("\1a\300\14"s), "NoData: . CNAME a");
  EXPECT_EQ(cname_to("\300\34"s), "Failure (malformed)");     // to itself
  EXPECT_EQ(cname_to("\1a\300\34"s), "Failure (malformed)");  // to its own beginning
  EXPECT_EQ(cname_to("\300\36"s), "Failure (malformed)");     // forward, to a root label
  EXPECT_EQ(cname_to("\1a\300\41"s), "Failure (malformed)");  // forward
  EXPECT_EQ(cname_to("\377\377"s), "Failure (malformed)");
  EXPECT_EQ(cname_to("\300\3"s), "Failure (malformed)");
  EXPECT_EQ(cname_to("\100"s + std::string(64, 'a') + "\0"s), "Failure (malformed)");
}

// A pointer forward to a root label is as long as one back: only where it leads tells.
TEST(Malformed, PointersForwardInRdata) {
  const auto with_pointer_in = [](RrType type, const Octets& before, const Octets& behind, bool forward) {
    Octets rdata = before;
    rdata.push_back(0xc0);
    rdata.push_back(
        static_cast<std::uint8_t>(forward ? kFirstRecord + 11 + before.size() + 2 + behind.size() : 12));
    rdata.insert(rdata.end(), behind.begin(), behind.end());
    ResponseParts parts{.qname = ".", .qtype = type, .answer = {{".", type, {rdata}}}};
    parts.authority.push_back({".", RrType{65280}, raw("x")});  // its owner is the root label pointed at
    return shown(parts).substr(0, 19);
  };
  const Octets numbers(20, 0);
  const struct {
    RrType type;
    Octets before;
    Octets behind;
  } cases[] = {{RrType::kNs, {}, {}},        {RrType::kPtr, {}, {}},
               {RrType::kMx, {0, 1}, {}},    {RrType::kSrv, {0, 1, 0, 2, 0, 3}, {}},
               {RrType::kSoa, {0}, numbers}, {RrType::kSoa, {1, 'a', 0}, numbers}};
  for (const auto& row : cases) {
    EXPECT_EQ(with_pointer_in(row.type, row.before, row.behind, false).substr(0, 7), "Answer:")
        << to_text(row.type);
    EXPECT_EQ(with_pointer_in(row.type, row.before, row.behind, true), "Failure (malformed)")
        << to_text(row.type);
  }
}

TEST(Malformed, OptTwice) {
  EXPECT_EQ(shown({.additional = {opt(), opt()}}), "Failure (malformed)");
  EXPECT_EQ(shown({.answer = {text("x")}, .additional = {opt(), opt()}}), "Failure (malformed)");
  EXPECT_EQ(shown({.rcode = kNxDomain, .additional = {opt(), opt()}}), "Failure (malformed)");
  EXPECT_EQ(shown({.additional = {opt(1), opt()}}), "Failure (malformed)");
  EXPECT_EQ(shown({.answer = {text("x")}, .additional = {opt(), opt(1)}}), "Failure (malformed)");
}

// ldns_wire2pkt takes a TSIG RR out of its count while it counts.
TEST(Malformed, OptIsSeenBehindTsig) {
  const Record tsig{.owner = "key", .type = RrType{250}, .rr_class = 255};
  EXPECT_EQ(shown({.answer = {text("x")}, .additional = {tsig, opt(1)}}), "Failure (rcode 16)");
  EXPECT_EQ(shown({.answer = {text("x")}, .additional = {tsig, tsig, tsig, opt(1)}}), "Failure (rcode 16)");
  EXPECT_EQ(shown({.answer = {text("x")}, .additional = {tsig, tsig}}), "Answer: example.jp TXT \"x\"");
}

// 65,000 empty strings in one RR: no more memory than the message's few times over.
TEST(Malformed, StringsWithoutNumberCostNoMemory) {
  const ResponseParts parts{.answer = {{.owner = "example.jp", .rdata = raw(std::string(65000, '\0'))}}};
  const Octets octets = parts.octets();
  rusage before{};
  ASSERT_EQ(getrusage(RUSAGE_SELF, &before), 0);
  const auto outcome = classify(octets, parts.question());
  rusage after{};
  ASSERT_EQ(getrusage(RUSAGE_SELF, &after), 0);
  ASSERT_TRUE(std::holds_alternative<Answer>(outcome)) << describe(outcome);
  EXPECT_EQ(join_character_strings(std::get<Answer>(outcome).rrset.at(0).rdata), "");
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 16 * 1024) << "KiB";
}

// Any octet changed to any of these values: judged somehow, and an answer never without its RRs.
TEST(Malformed, AnyOctetChanged) {
  for (const auto& [title, parts, outcome] : sample_responses()) {
    const Octets whole = parts.octets();
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const unsigned value : {0x00U, 0x01U, 0x3fU, 0x40U, 0x80U, 0xc0U, 0xffU}) {
        Octets octets = whole;
        octets[at] = static_cast<std::uint8_t>(value);
        const auto judged = classify_unaccepted(octets, parts.question());
        if (const auto* answer = std::get_if<Answer>(&judged)) {
          ASSERT_FALSE(answer->rrset.empty());
          for (const auto& record : answer->rrset) ASSERT_EQ(record.type, parts.qtype) << title;
        }
      }
    }
  }
}

}  // namespace
}  // namespace dauth::dns
