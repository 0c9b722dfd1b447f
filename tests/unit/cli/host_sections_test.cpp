// What the sections of a mail client, of the receiving side and of a DKIM key say, as text and as JSON.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <map>
#include <type_traits>

#include "scanner/cli/check/client_section.h"
#include "scanner/cli/check/dkim_key_section.h"
#include "scanner/cli/check/receiving_section.h"
#include "tests/support/json_schema.h"
#include "tests/unit/postmaster/address_records.h"
#include "tests/unit/postmaster/dkim_keys.h"

namespace dauth::testing {
namespace {

using dns::RrType;
using scanner::cli::CheckPage;
using ::testing::HasSubstr;
using ::testing::Not;
using Script = ScriptedInquiry::Script;

template <class T>
std::string page_of(const T& topic) {
  CheckPage page({.width = 100});
  add_to_page(page, topic);
  return page.take();
}

// As the program writes it: octets that are no UTF-8 are replaced.
std::string dumped(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

// Holds what a test has seen against its schema at the end, at once: each call starts a Python.
class HostSections : public ::testing::Test {
 protected:
  template <class T>
  nlohmann::ordered_json json_of(const T& topic) {
    nlohmann::ordered_json json = scanner::cli::to_json(topic);
    seen_[std::is_same_v<T, scanner::DkimKey>          ? "dkim-key.schema.json"
          : std::is_same_v<T, scanner::ClientIdentity> ? "client.schema.json"
                                                       : "receiving.schema.json"] += dumped(json) + "\n";
    return json;
  }

  void TearDown() override {
    EXPECT_FALSE(seen_.empty());
    for (const auto& [schema, texts] : seen_) EXPECT_TRUE(holds_to_schema(texts, schema));
  }

 private:
  std::map<std::string, std::string> seen_;
};

class ClientSection : public HostSections {};
class ReceivingSection : public HostSections {};
class DkimKeySection : public HostSections {};

scanner::ClientIdentity client(const Script& script, std::optional<std::string_view> helo,
                               std::optional<std::string_view> address) {
  ScriptedInquiry inquiry(script);
  std::optional<scanner::HeloName> helo_name;
  if (helo) helo_name = scanner::read_helo_name(*helo);
  std::optional<scanner::IpAddress> client_address;
  if (address) client_address = ip(*address);
  return inquiry.run(scanner::examine_client(inquiry, helo_name, client_address));
}

Script good_client() {
  return {{{"mail.example.jp", RrType::kA}, addresses("mail.example.jp", {"192.0.2.1"})},
          {{"mail.example.jp", RrType::kAaaa}, no_data()},
          {{reverse_of("192.0.2.1"), RrType::kPtr}, reverse_answer("192.0.2.1", {"mail.example.jp"})}};
}

TEST_F(ClientSection, AsItShouldBe) {
  const auto found = client(good_client(), "mail.example.jp", "192.0.2.1");
  EXPECT_EQ(page_of(found),
            "Mail client\n"
            "  address                 192.0.2.1\n"
            "  HELO name               mail.example.jp\n"
            "    its addresses         192.0.2.1\n"
            "    leads to the client   yes\n"
            "  reverse name            mail.example.jp, which leads back\n"
            "    is the HELO name      yes\n");
  const auto json = json_of(found);
  EXPECT_EQ(json["helo_has_client_address"]["state"], "yes");
  EXPECT_EQ(json["helo_is_reverse_name"]["state"], "yes");
  EXPECT_EQ(json["reverse"]["names"][0]["name"], "mail.example.jp");
}

TEST_F(ClientSection, TellsWhatIsWrongAndWhatIsUnknown) {
  Script script = good_client();
  script[{"mail.example.jp", RrType::kA}] =
      answer({address_record("host.jp", "192.0.2.7")}, {cname("mail.example.jp", "host.jp")});
  script[{"mail.example.jp", RrType::kAaaa}] = failure();
  script[{reverse_of("192.0.2.1"), RrType::kPtr}] = reverse_answer("192.0.2.1", {"a.jp", "b.jp"});
  script[{"a.jp", RrType::kA}] = addresses("a.jp", {"192.0.2.8"});
  script[{"b.jp", RrType::kA}] = name_error();
  const auto wrong = client(script, "mail.example.jp", "192.0.2.1");
  const std::string page = page_of(wrong);
  EXPECT_THAT(page, HasSubstr("192.0.2.7; IPv6 unknown: no answer in time (timeout)"));
  EXPECT_THAT(page, HasSubstr("warning: It is an alias (CNAME) of host.jp."));
  EXPECT_THAT(page, HasSubstr("leads to the client   warning: no"));
  EXPECT_THAT(page, HasSubstr("warning: a.jp, which leads to 192.0.2.8 instead; b.jp, which has no such"));
  const auto json = json_of(wrong);
  EXPECT_EQ(json["helo"]["addresses"]["has_ipv6"]["cause"], "timeout");
  EXPECT_EQ(json["reverse"]["confirmed"]["state"], "no");

  script[{reverse_of("192.0.2.1"), RrType::kPtr}] = failure(dns::FailureCause::kServfail);
  const auto unknown = client(script, "mail.example.jp", "192.0.2.1");
  EXPECT_THAT(page_of(unknown),
              HasSubstr("reverse name            reverse name unknown: the resolver could not resolve it"));
  EXPECT_EQ(json_of(unknown)["reverse"]["confirmed"]["cause"], "servfail");
}

TEST_F(ClientSection, HeloForms) {
  const Script script = {{{reverse_of("2001:db8::1"), RrType::kPtr}, name_error()},
                         {{"localhost", RrType::kA}, no_data()},
                         {{"localhost", RrType::kAaaa}, no_data()},
                         {{"a_b.jp", RrType::kA}, no_data()},
                         {{"a_b.jp", RrType::kAaaa}, no_data()}};
  struct Form {
    std::string helo;
    const char* said;
  };
  const std::vector<Form> forms = {
      {"[IPv6:2001:db8::1]", "An address literal is allowed"},
      {"2001:db8::1", "[IPv6:2001:db8::1]"},
      {"localhost", "problem: localhost"},
      {"a_b.jp", "an underscore"},
      {"[x]", "no address within the brackets"},
      {"..", "It is no domain name"},
      {std::string("\x1b[31m\xff..", 8), "\\x1b[31m\\xff.."},
  };
  for (const Form& form : forms) {
    SCOPED_TRACE(form.said);
    const auto found = client(script, form.helo, "2001:db8::1");
    const std::string page = page_of(found);
    EXPECT_THAT(page, HasSubstr(form.said));
    EXPECT_THAT(page, Not(HasSubstr("\x1b")));
    EXPECT_THAT(page, HasSubstr("no reverse name (PTR)"));
    json_of(found);
  }
}

TEST_F(ClientSection, EitherAloneOrNothing) {
  EXPECT_THAT(page_of(client(good_client(), "mail.example.jp", std::nullopt)), Not(HasSubstr("reverse")));
  EXPECT_THAT(page_of(client(good_client(), std::nullopt, "192.0.2.1")), HasSubstr("reverse name"));
  EXPECT_EQ(page_of(client({}, std::nullopt, std::nullopt)), "");
  json_of(client(good_client(), "mail.example.jp", std::nullopt));
  json_of(client(good_client(), std::nullopt, "192.0.2.1"));
  json_of(client({}, std::nullopt, std::nullopt));
}

scanner::ReceivingSide receiving(const Script& script) {
  ScriptedInquiry inquiry(script);
  return inquiry.run(scanner::examine_receiving_side(inquiry, name("example.jp")));
}

Script domain_with(dns::LookupOutcome mx, dns::LookupOutcome a = no_data(),
                   dns::LookupOutcome aaaa = no_data()) {
  return {{{"example.jp", RrType::kMx}, std::move(mx)},
          {{"example.jp", RrType::kA}, std::move(a)},
          {{"example.jp", RrType::kAaaa}, std::move(aaaa)}};
}

Script dual_stack() {
  Script script = domain_with(answer({mx_record("example.jp", 10, "mx.jp")}));
  script[{"mx.jp", RrType::kA}] = addresses("mx.jp", {"192.0.2.1"});
  script[{"mx.jp", RrType::kAaaa}] = addresses("mx.jp", {"2001:db8::1"});
  script[{reverse_of("192.0.2.1"), RrType::kPtr}] = reverse_answer("192.0.2.1", {"mx.jp"});
  script[{reverse_of("2001:db8::1"), RrType::kPtr}] = name_error();
  return script;
}

TEST_F(ReceivingSection, HostsAndFamilies) {
  auto side = receiving(dual_stack());
  compare_with_spf(side, {scanner::Fact::yes(), scanner::Fact::yes(), scanner::Fact::no(), false,
                          scanner::SpfAllPolicy::kFail});
  EXPECT_EQ(
      page_of(side),
      "Receiving mail\n"
      "  mail goes to            1 MX host\n"
      "    10 mx.jp\n"
      "      192.0.2.1: mx.jp, which leads back\n"
      "      warning: 2001:db8::1: no reverse name (PTR)\n"
      "  reachable over IPv4     yes\n"
      "  reachable over IPv6     yes\n"
      "  SPF permits IPv4        yes\n"
      "  SPF permits IPv6        warning: none at all, though these hosts have such addresses:\n"
      "    2001:db8::1 at mx.jp\n"
      "    Mail of this domain that one of them sends over IPv6 fails SPF: ip4 terms match IPv4 clients\n"
      "    alone (RFC 7208 section 5.6), and a host with addresses of both families uses either. Add ip6, a\n"
      "    or mx terms for the senders, or let them send over IPv4 only.\n");
  const auto json = json_of(side);
  EXPECT_EQ(json["spf_families"]["ipv6"], "uncovered");
  EXPECT_EQ(json["spf_families"]["uncovered"][0]["address"], "2001:db8::1");
  EXPECT_EQ(json["hosts"][0]["reverse"].size(), 2u);
}

TEST_F(ReceivingSection, Routes) {
  Script implicit = domain_with(no_data(), addresses("example.jp", {"192.0.2.1"}));
  implicit[{reverse_of("192.0.2.1"), RrType::kPtr}] = failure();
  Script odd =
      domain_with(answer({mx_record("example.jp", 5, "."), mx_record("example.jp", 10, "192.0.2.1"),
                          mx_record("example.jp", 20, "alias.jp"), mx_record("example.jp", 30, "lost.jp")}));
  for (const char* host : {"192.0.2.1", "alias.jp", "lost.jp"}) {
    const bool is_alias = std::string_view(host) == "alias.jp";
    const bool is_lost = std::string_view(host) == "lost.jp";
    for (const RrType type : {RrType::kA, RrType::kAaaa})
      odd[{host, type}] = is_lost ? failure() : is_alias ? no_data({cname(host, "gone.jp")}) : name_error();
  }
  struct Route {
    Script script;
    std::vector<const char*> said;
  };
  const std::vector<Route> routes = {
      {domain_with(answer({mx_record("example.jp", 0, ".")})), {"null MX, the domain accepts no mail"}},
      {domain_with(no_data()), {"neither an MX RR nor an address"}},
      {domain_with(failure()), {"mail goes to            unknown: no answer in time (timeout)"}},
      {implicit, {"the domain itself", "implicit MX", "192.0.2.1: reverse name unknown: no answer in time"}},
      {odd,
       {"problem: 5 .: a null MX stands alone", "problem: An MX names a host, never an address",
        "problem: It is an alias (CNAME) of gone.jp", "problem: It has no address",
        "IPv6 addresses unknown: no answer in time (timeout)", "reachable over IPv6     unknown"}},
  };
  for (const Route& route : routes) {
    SCOPED_TRACE(route.said.front());
    auto side = receiving(route.script);
    for (const char* said : route.said) EXPECT_THAT(page_of(side), HasSubstr(said));
    json_of(side);
    compare_with_spf(side, {scanner::Fact::no()});
    json_of(side);
  }
}

scanner::DkimKey dkim_key(dns::LookupOutcome outcome) {
  ScriptedInquiry inquiry({{{"s1._domainkey.example.jp", RrType::kTxt}, std::move(outcome)}});
  return inquiry.run(scanner::look_up_dkim_key(inquiry, name("example.jp"), name("s1")));
}

dns::ResourceRecord key_record(const std::string& text) {
  std::vector<std::string> strings;
  for (std::size_t at = 0; at < text.size(); at += 255) strings.push_back(text.substr(at, 255));
  return text_record("s1._domainkey.example.jp", strings);
}

TEST_F(DkimKeySection, AGoodKey) {
  const auto key = dkim_key(answer({key_record("v=DKIM1; k=ed25519; p=" + std::string(kRfc8463Key))}));
  EXPECT_EQ(
      page_of(key),
      "DKIM key s1\n"
      "  name                    s1._domainkey.example.jp\n"
      "  key                     Ed25519\n"
      "    Not all verifiers know Ed25519 (RFC 8463): sign with an RSA key under another selector as well.\n"
      "    \"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n");
  const auto json = json_of(key);
  EXPECT_EQ(json["is_usable"]["state"], "yes");
  EXPECT_EQ(json["records"][0]["key"]["bits"], 256);
}

TEST_F(DkimKeySection, TellsWhatIsWrong) {
  const auto with_key = [](std::string tags, std::string_view key) {
    return answer({key_record(std::move(tags) + std::string(key))});
  };
  struct Case {
    dns::LookupOutcome outcome;
    std::vector<const char*> said;
  };
  const std::vector<Case> cases = {
      {with_key("p=", kRsa2048), {"RSA, 2048 bits"}},
      {with_key("p=", kRsa512), {"RSA, 512 bits", "problem: Under 1024 bits"}},
      {with_key("p=", kRsa1024), {"RSA, 1024 bits", "warning: Signers should use 2048 bits"}},
      {with_key("p=", kBareRsa2048), {"RSA, 2048 bits", "warning: p= holds an RSAPublicKey"}},
      {with_key("p=", std::string_view(kRsa2048).substr(0, 252)),
       {"problem: RSA, malformed", "the key is cut off"}},
      {with_key("p=MII\"\"B", ""), {"problem: RSA, malformed", "there are quotation marks within p="}},
      {with_key("k=ed25519; p=", kEd25519InDer), {"problem: Ed25519, malformed", "this is wrapped in"}},
      {with_key("k=dsa; p=", "AAAA"), {"problem: of the type \"dsa\""}},
      {with_key("v=DKIM1; p=", ""), {"warning: RSA, revoked"}},
      {with_key("h=sha1; s=tlsrpt; t=y:s; n=hello; p=", kRsa2048),
       {"warning: t=y", "t=s", "problem: h= does not allow sha256", "problem: s= names other services"}},
      {with_key("v=spf1 -all", ""), {"problem: no key record", "the version is not DKIM1, at octet 0"}},
      {with_key("v=DKIM1; n=\xff\x1b[2J; p=", ""), {"problem: no key record", "\\xff\\x1b[2J"}},
      {answer({key_record("p="), key_record("v=DKIM1; p=")}), {"problem: 2 records"}},
      {no_data({cname("s1._domainkey.example.jp", "s1.provider.example")}),
       {"It is an alias (CNAME) of s1.provider.example", "problem: no: no TXT RR is there"}},
      {name_error(), {"problem: no: the name does not exist"}},
      {failure(), {"published               unknown: no answer in time (timeout)"}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.said.front());
    const auto key = dkim_key(c.outcome);
    const std::string page = page_of(key);
    for (const char* said : c.said) EXPECT_THAT(page, HasSubstr(said));
    EXPECT_THAT(page, Not(HasSubstr("\x1b")));
    json_of(key);
  }
}

TEST_F(DkimKeySection, ANameThatIsTooLong) {
  const std::string label(60, 'a');
  ScriptedInquiry inquiry({});
  const auto key = inquiry.run(
      scanner::look_up_dkim_key(inquiry, name(label + "." + label + "." + label + ".jp"), name(label)));
  EXPECT_THAT(page_of(key), HasSubstr("longer than a name may be"));
  json_of(key);
}

}  // namespace
}  // namespace dauth::testing
