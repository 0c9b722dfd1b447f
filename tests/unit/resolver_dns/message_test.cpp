// Queries octet by octet, and which responses are taken for the answer to a question.
#include "resolver/dns/message.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "tests/unit/resolver_dns/response_builder.h"

namespace dauth::dns {
namespace {

using namespace dauth::testing;
using std::string_literals::operator""s;

Octets query(const Question& question, const QueryOptions& options, std::uint16_t id = 0xabcd) {
  Octets buffer(kMaxQueryLength + 1, 0xee);
  const std::size_t length = encode_query(std::span(buffer).first(kMaxQueryLength), id, question, options);
  EXPECT_LE(length, kMaxQueryLength);
  for (std::size_t i = length; i < buffer.size(); ++i) EXPECT_EQ(buffer[i], 0xee) << i;
  buffer.resize(length);
  return buffer;
}

bool answers(const ResponseParts& parts, const Question& question) {
  const Octets octets = parts.octets();
  const auto view = MessageView::over(octets);
  return view && view->answers(question);
}

bool answers_itself(const ResponseParts& parts) {
  return answers(parts, parts.question());
}

TEST(EncodeQuery, WritesEveryOctetWithEdns) {
  EXPECT_EQ(query({name("Example.jp"), RrType::kTxt}, {}),
            octets_of("\xab\xcd"  // ID
                      "\x01\x00"  // QUERY; of the flags only RD
                      "\x00\x01\x00\x00\x00\x00\x00\x01"
                      "\x07"s +
                      "Example" + "\x02jp\x00"s +
                      "\x00\x10\x00\x01"  // TXT IN
                      "\x00"              // OPT: root,
                      "\x00\x29"          // TYPE 41,
                      "\x04\xd0"          // 1232 octets,
                      "\x00\x00\x00\x00"  // extended RCODE 0, version 0, DO=0,
                      "\x00\x00"s));      // no options
}

TEST(EncodeQuery, WritesEveryOctetWithoutEdns) {
  EXPECT_EQ(query({DomainName(), RrType::kSpf}, {.edns = Edns::kWithout, .udp_payload_size = 1232}, 1),
            octets_of("\x00\x01\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
                      "\x00\x00\x63\x00\x01"s));
}

TEST(EncodeQuery, PutsThePayloadSizeIntoOpt) {
  const Octets octets = query({name("jp"), RrType::kMx}, {.edns = Edns::kWith, .udp_payload_size = 0xfedc});
  EXPECT_EQ(octets[octets.size() - 8], 0xfe);
  EXPECT_EQ(octets[octets.size() - 7], 0xdc);
}

TEST(EncodeQuery, ALongestNameFillsTheBuffer) {
  std::string text;
  for (int i = 0; i < 127; ++i) text += "a.";
  EXPECT_EQ(query({name(text), RrType::kTxt}, {}).size(), kMaxQueryLength);
}

TEST(EncodeQuery, AQueryIsNoAnswerToItself) {
  const Question question{name("example.jp"), RrType::kTxt};
  Octets octets = query(question, {});
  EXPECT_FALSE(MessageView::over(octets)->answers(question));
  octets[2] |= 0x80;
  EXPECT_TRUE(MessageView::over(octets)->answers(question));
}

TEST(MessageView, NeedsAHeader) {
  const Octets octets(12, 0);
  for (std::size_t length = 0; length < 12; ++length) {
    EXPECT_FALSE(MessageView::over(std::span(octets).first(length)).has_value()) << length;
  }
  EXPECT_TRUE(MessageView::over(octets).has_value());
}

TEST(MessageView, ReadsEachFieldOfTheHeader) {
  const Octets zero(12, 0);
  const auto none = MessageView::over(zero);
  EXPECT_FALSE(none->is_response() || none->authoritative() || none->truncated() ||
               none->recursion_available());
  const Octets ones(12, 0xff);
  const auto all = MessageView::over(ones);
  EXPECT_TRUE(all->is_response() && all->authoritative() && all->truncated() && all->recursion_available());
  EXPECT_EQ(all->opcode(), 15);
  EXPECT_EQ(static_cast<int>(all->header_rcode()), 15);
  const Octets counted = octets_of("\x12\x34\x00\x00\x01\x02\x03\x04\x05\x06\x07\x08"s);
  const auto view = MessageView::over(counted);
  EXPECT_EQ(view->id(), 0x1234);
  EXPECT_EQ(view->question_count(), 0x0102);
  EXPECT_EQ(view->answer_count(), 0x0304);
  EXPECT_EQ(view->authority_count(), 0x0506);
  EXPECT_EQ(view->additional_count(), 0x0708);
}

// Each bit of the flags turned on alone shows in one accessor alone.
TEST(MessageView, FlagsDoNotRunIntoEachOther) {
  const auto fields = [](std::uint16_t flags) {
    Octets octets(12, 0);
    put_u16(octets, 2, flags);
    const auto view = MessageView::over(octets);
    return std::array<int, 6>{view->is_response(),         view->opcode(),
                              view->authoritative(),       view->truncated(),
                              view->recursion_available(), static_cast<int>(view->header_rcode())};
  };
  const struct {
    std::uint16_t flags;
    std::array<int, 6> expected;
  } cases[] = {
      {0x8000, {1, 0, 0, 0, 0, 0}}, {0x4000, {0, 8, 0, 0, 0, 0}}, {0x2000, {0, 4, 0, 0, 0, 0}},
      {0x1000, {0, 2, 0, 0, 0, 0}}, {0x0800, {0, 1, 0, 0, 0, 0}}, {0x0400, {0, 0, 1, 0, 0, 0}},
      {0x0200, {0, 0, 0, 1, 0, 0}}, {0x0100, {0, 0, 0, 0, 0, 0}}, {0x0080, {0, 0, 0, 0, 1, 0}},
      {0x0040, {0, 0, 0, 0, 0, 0}}, {0x0020, {0, 0, 0, 0, 0, 0}}, {0x0010, {0, 0, 0, 0, 0, 0}},
      {0x0008, {0, 0, 0, 0, 0, 8}}, {0x0004, {0, 0, 0, 0, 0, 4}}, {0x0002, {0, 0, 0, 0, 0, 2}},
      {0x0001, {0, 0, 0, 0, 0, 1}},
  };
  for (const auto& row : cases) EXPECT_EQ(fields(row.flags), row.expected) << std::hex << row.flags;
}

TEST(Answers, WantsTheWholeQuestion) {
  const Question question{name("example.jp"), RrType::kTxt};
  EXPECT_TRUE(answers_itself({}));
  EXPECT_TRUE(answers({.id = 0}, question));  // the ID is compared where the query is known
  EXPECT_TRUE(answers({.qname = "eXaMpLe.JP"}, question));
  EXPECT_TRUE(answers({}, {name("EXAMPLE.jp"), RrType::kTxt}));

  EXPECT_FALSE(answers({.qname = "example.com"}, question));
  EXPECT_FALSE(answers({.qname = "xample.jp"}, question));
  EXPECT_FALSE(answers({.qname = "www.example.jp"}, question));
  EXPECT_FALSE(answers({.qname = "jp"}, question));
  EXPECT_FALSE(answers({.qname = "."}, question));
  EXPECT_FALSE(answers({.qname = "example\\.jp"}, question));
  EXPECT_FALSE(answers({.qtype = RrType::kSpf}, question));
  EXPECT_FALSE(answers({.qtype = static_cast<RrType>(0x1010)}, question));
  EXPECT_FALSE(answers({.qtype = static_cast<RrType>(255)}, question));
  EXPECT_FALSE(answers({.qclass = 3}, question));
  EXPECT_FALSE(answers({.qclass = 255}, question));
  EXPECT_FALSE(answers({.qclass = 0x0101}, question));
}

TEST(Answers, WantsAResponseWithOpcodeQuery) {
  EXPECT_FALSE(answers_itself({.flags = kRd | kRa}));
  for (std::uint16_t opcode = 1; opcode < 16; ++opcode) {
    EXPECT_FALSE(answers_itself({.flags = static_cast<std::uint16_t>(kQr | (opcode << 11))})) << opcode;
  }
}

TEST(Answers, WantsOneQuestion) {
  EXPECT_FALSE(answers_itself({.questions = 0}));
  EXPECT_FALSE(answers_itself({.questions = 2}));
  EXPECT_FALSE(answers_itself({.rcode = 2, .questions = 2}));
  Octets octets = ResponseParts().octets();
  put_u16(octets, 4, 0xffff);
  EXPECT_FALSE(MessageView::over(octets)->answers(ResponseParts().question()));
  // 256 is no 0 and no 1.
  put_u16(octets, 4, 0x0100);
  EXPECT_FALSE(MessageView::over(octets)->answers(ResponseParts().question()));
}

TEST(Answers, OnlyAnErrorMayLeaveTheQuestionEmpty) {
  for (std::uint16_t rcode = 0; rcode < 16; ++rcode) {
    EXPECT_EQ(answers_itself({.rcode = rcode, .questions = 0}), rcode != 0 && rcode != kNxDomain) << rcode;
  }
  EXPECT_FALSE(answers_itself({.flags = kRd, .rcode = 2, .questions = 0}));
  EXPECT_FALSE(answers_itself({.flags = kQr | (5 << 11), .rcode = 2, .questions = 0}));
}

// The RCODE is the extended one: BADVERS has nothing but zeros in the header (RFC 6891 section 6.1.3).
TEST(Answers, AnErrorInOptMayLeaveTheQuestionEmptyToo) {
  const Record soa_record{.owner = "jp", .type = RrType::kSoa, .rdata = soa("a.example", "b.example")};
  EXPECT_TRUE(answers_itself({.questions = 0, .additional = {opt(1)}}));
  EXPECT_TRUE(answers_itself({.rcode = 3, .questions = 0, .additional = {opt(1)}}));
  EXPECT_TRUE(
      answers_itself({.questions = 0, .authority = {soa_record}, .additional = {soa_record, opt(1)}}));
  EXPECT_FALSE(answers_itself({.questions = 0, .additional = {opt(0)}}));
  EXPECT_FALSE(answers_itself({.rcode = 3, .questions = 0, .additional = {opt(0)}}));
  // Elsewhere an OPT says nothing, and what cannot be walked to its OPT is accepted for no question.
  EXPECT_FALSE(answers_itself({.questions = 0, .answer = {opt(1)}}));
  EXPECT_FALSE(answers_itself({.questions = 0, .authority = {opt(1)}}));
  Octets cut = ResponseParts{.questions = 0, .authority = {soa_record}, .additional = {opt(1)}}.octets();
  cut.pop_back();
  EXPECT_FALSE(MessageView::over(cut)->answers({name("example.jp"), RrType::kTxt}));
}

TEST(Answers, AnErrorWithAQuestionMustRepeatOurs) {
  EXPECT_TRUE(answers_itself({.rcode = 2}));
  EXPECT_FALSE(answers({.rcode = 2, .qname = "example.com"}, {name("example.jp"), RrType::kTxt}));
}

TEST(Answers, ACutQuestionIsNone) {
  const ResponseParts parts;
  const Octets octets = parts.octets();
  for (std::size_t length = 12; length < octets.size(); ++length) {
    // A buffer of just that length, so that reading past it is seen by the address sanitizer.
    const Octets cut(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_FALSE(MessageView::over(cut)->answers(parts.question())) << length;
  }
  EXPECT_TRUE(MessageView::over(octets)->answers(parts.question()));
}

// A pointer has nothing before it to point at; nobody sends one in the first question.
TEST(Answers, ACompressedQuestionIsNotOurs) {
  Octets octets = ResponseParts{.qname = "."}.octets();
  octets.resize(12);
  const Octets pointer = octets_of("\xc0\x0c\x00\x10\x00\x01"s);
  octets.insert(octets.end(), pointer.begin(), pointer.end());
  EXPECT_FALSE(MessageView::over(octets)->answers({DomainName(), RrType::kTxt}));
  EXPECT_FALSE(MessageView::over(octets)->answers({name("jp"), RrType::kTxt}));
}

TEST(QuestionText, TypesHaveTheirMnemonic) {
  const struct {
    RrType type;
    const char* text;
  } cases[] = {{RrType::kA, "A"},        {RrType::kNs, "NS"},       {RrType::kCname, "CNAME"},
               {RrType::kSoa, "SOA"},    {RrType::kPtr, "PTR"},     {RrType::kMx, "MX"},
               {RrType::kTxt, "TXT"},    {RrType::kAaaa, "AAAA"},   {RrType::kSrv, "SRV"},
               {RrType::kOpt, "OPT"},    {RrType::kDname, "DNAME"}, {RrType::kSpf, "SPF"},
               {RrType{257}, "TYPE257"}, {RrType{0}, "TYPE0"},      {RrType{65535}, "TYPE65535"}};
  for (const auto& row : cases) EXPECT_EQ(to_text(row.type), row.text);
}

}  // namespace
}  // namespace dauth::dns
