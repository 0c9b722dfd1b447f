#include "scanner/postmaster/client_identity.h"

#include <gmock/gmock.h>

#include "tests/unit/postmaster/address_records.h"

namespace dauth::testing {
namespace {

using dns::RrType;
using scanner::ClientIdentity;
using scanner::HeloForm;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

struct HeloCase {
  std::string text;
  HeloForm form;
  const char* name;     // "" for none
  const char* address;  // "" for none
};

TEST(HeloName, FormsOfRfc5321) {
  const std::vector<HeloCase> cases = {
      {"mail.example.jp", HeloForm::kHostName, "mail.example.jp", ""},
      {"MAIL-1.example.jp", HeloForm::kHostName, "MAIL-1.example.jp", ""},
      {"1and1.example", HeloForm::kHostName, "1and1.example", ""},
      {"xn--r8jz45g.jp", HeloForm::kHostName, "xn--r8jz45g.jp", ""},
      {"localhost", HeloForm::kSingleLabel, "localhost", ""},
      {"[192.0.2.1]", HeloForm::kAddressLiteral, "", "192.0.2.1"},
      {"[IPv6:2001:db8::1]", HeloForm::kAddressLiteral, "", "2001:db8::1"},
      {"[ipv6:2001:DB8:0::1]", HeloForm::kAddressLiteral, "", "2001:db8::1"},
      {"192.0.2.1", HeloForm::kBareAddress, "", "192.0.2.1"},
      {"2001:db8::1", HeloForm::kBareAddress, "", "2001:db8::1"},
      {"[2001:db8::1]", HeloForm::kBrokenLiteral, "", ""},
      {"[IPv6:192.0.2.1]", HeloForm::kBrokenLiteral, "", ""},
      {"[192.0.2.1", HeloForm::kBrokenLiteral, "", ""},
      {"[192.0.2.256]", HeloForm::kBrokenLiteral, "", ""},
      {"[mail.example.jp]", HeloForm::kBrokenLiteral, "", ""},
      {"[]", HeloForm::kBrokenLiteral, "", ""},
      {"[", HeloForm::kBrokenLiteral, "", ""},
      {"mail_1.example.jp", HeloForm::kNoHostName, "mail_1.example.jp", ""},
      {"mail.example.jp.", HeloForm::kNoHostName, "mail.example.jp", ""},
      {"-mail.example.jp", HeloForm::kNoHostName, "-mail.example.jp", ""},
      {"mail-.example.jp", HeloForm::kNoHostName, "mail-.example.jp", ""},
      {"ma il.example.jp", HeloForm::kNoHostName, "ma\\032il.example.jp", ""},
      {"192.0.2.300", HeloForm::kNoHostName, "192.0.2.300", ""},
      {"\xe3\x81\x82.jp", HeloForm::kNoHostName, "\\227\\129\\130.jp", ""},
      {std::string("a\0b.jp", 6), HeloForm::kNoHostName, "a\\000b.jp", ""},
      {"", HeloForm::kNoName, "", ""},
      {".", HeloForm::kNoName, "", ""},
      {"mail..jp", HeloForm::kNoName, "", ""},
      {std::string(64, 'a') + ".jp", HeloForm::kNoName, "", ""},
  };
  for (const HeloCase& c : cases) {
    SCOPED_TRACE(c.text);
    const scanner::HeloName helo = scanner::read_helo_name(c.text);
    EXPECT_EQ(helo.text, c.text);
    EXPECT_EQ(helo.form, c.form) << to_text(helo.form);
    EXPECT_EQ(helo.name ? helo.name->to_text() : "", c.name);
    EXPECT_EQ(helo.address ? helo.address->to_text() : "", c.address);
    EXPECT_EQ(helo.reason.empty(), helo.is_valid());
  }
}

struct ClientCase {
  const char* what;
  const char* helo;
  const char* address;
  ScriptedInquiry::Script script;
  const char* has_client_address;
  const char* is_reverse_name;  // "" for nothing to tell
  const char* confirmed;
};

TEST(ClientIdentity, HoldsTheHeloNameAgainstTheAddress) {
  const std::pair ptr4{reverse_of("192.0.2.1"), RrType::kPtr};
  const std::pair ptr6{reverse_of("2001:db8::1"), RrType::kPtr};
  const std::pair a{std::string("mail.example.jp"), RrType::kA};
  const std::pair aaaa{std::string("mail.example.jp"), RrType::kAaaa};
  const std::vector<ClientCase> cases = {
      {"as it should be, IPv4",
       "mail.example.jp",
       "192.0.2.1",
       {{a, addresses("mail.example.jp", {"192.0.2.7", "192.0.2.1"})},
        {aaaa, no_data()},
        {ptr4, reverse_answer("192.0.2.1", {"mail.example.jp"})}},
       "yes",
       "yes",
       "yes"},
      {"as it should be, IPv6",
       "MAIL.example.jp",
       "2001:db8::1",
       {{{"MAIL.example.jp", RrType::kA}, no_data()},
        {{"MAIL.example.jp", RrType::kAaaa}, addresses("mail.example.jp", {"2001:db8::1"})},
        {ptr6, reverse_answer("2001:db8::1", {"mail.example.jp"})}},
       "yes",
       "yes",
       "yes"},
      {"another address, another name",
       "mail.example.jp",
       "192.0.2.1",
       {{a, addresses("mail.example.jp", {"192.0.2.7"})},
        {aaaa, no_data()},
        {ptr4, reverse_answer("192.0.2.1", {"host1.isp.example"})},
        {{"host1.isp.example", RrType::kA}, addresses("host1.isp.example", {"192.0.2.1"})}},
       "no",
       "no",
       "yes"},
      {"the other family cannot be looked up",
       "mail.example.jp",
       "2001:db8::1",
       {{a, addresses("mail.example.jp", {"192.0.2.7"})}, {aaaa, failure()}, {ptr6, name_error()}},
       "timeout",
       "no",
       "no"},
      {"the PTR cannot be looked up",
       "mail.example.jp",
       "192.0.2.1",
       {{a, addresses("mail.example.jp", {"192.0.2.1"})},
        {aaaa, no_data()},
        {ptr4, failure(dns::FailureCause::kServfail)}},
       "yes",
       "servfail",
       "servfail"},
      {"literal of the client", "[192.0.2.1]", "192.0.2.1", {{ptr4, no_data()}}, "yes", "", "no"},
      {"literal of another", "[192.0.2.2]", "192.0.2.1", {{ptr4, no_data()}}, "no", "", "no"},
      {"literal of IPv6", "[IPv6:2001:db8::1]", "2001:db8::1", {{ptr6, no_data()}}, "yes", "", "no"},
      {"no name at all", "..", "192.0.2.1", {{ptr4, no_data()}}, "no", "", "no"},
  };
  for (const ClientCase& c : cases) {
    SCOPED_TRACE(c.what);
    for (const Delivery delivery : {Delivery::kOldestFirst, Delivery::kNewestFirst}) {
      ScriptedInquiry inquiry(c.script, delivery);
      const ClientIdentity found =
          inquiry.run(scanner::examine_client(inquiry, scanner::read_helo_name(c.helo), ip(c.address)));
      ASSERT_TRUE(found.helo && found.reverse && found.helo_has_client_address);
      EXPECT_EQ(text_of(*found.helo_has_client_address), c.has_client_address);
      EXPECT_EQ(found.helo_is_reverse_name ? text_of(*found.helo_is_reverse_name) : "", c.is_reverse_name);
      EXPECT_EQ(text_of(found.reverse->confirmed), c.confirmed);
    }
  }
}

TEST(ClientIdentity, EitherAlone) {
  ScriptedInquiry helo_alone({{{"mail.example.jp", RrType::kA}, addresses("mail.example.jp", {"192.0.2.1"})},
                              {{"mail.example.jp", RrType::kAaaa}, no_data()}});
  const ClientIdentity helo = helo_alone.run(
      scanner::examine_client(helo_alone, scanner::read_helo_name("mail.example.jp"), std::nullopt));
  EXPECT_TRUE(helo.helo && helo.helo_addresses);
  EXPECT_FALSE(helo.reverse || helo.helo_has_client_address || helo.helo_is_reverse_name);

  ScriptedInquiry address_alone({{{reverse_of("192.0.2.1"), RrType::kPtr}, no_data()}});
  const ClientIdentity address =
      address_alone.run(scanner::examine_client(address_alone, std::nullopt, ip("192.0.2.1")));
  EXPECT_FALSE(address.helo || address.helo_addresses || address.helo_has_client_address);
  ASSERT_TRUE(address.reverse);
  EXPECT_EQ(text_of(address.reverse->confirmed), "no");

  ScriptedInquiry neither({});
  const ClientIdentity nothing = neither.run(scanner::examine_client(neither, std::nullopt, std::nullopt));
  EXPECT_FALSE(nothing.helo || nothing.reverse);
}

TEST(ClientIdentity, AsksSideBySide) {
  ScriptedInquiry inquiry({});
  auto probe = scanner::examine_client(inquiry, scanner::read_helo_name("mail.example.jp"), ip("192.0.2.1"));
  probe.start();
  EXPECT_THAT(inquiry.questions(), UnorderedElementsAre("mail.example.jp A", "mail.example.jp AAAA",
                                                        reverse_of("192.0.2.1") + " PTR"));
}

}  // namespace
}  // namespace dauth::testing
