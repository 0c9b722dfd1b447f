#include "tests/unit/probe/generated_domain.h"

#include <algorithm>
#include <iterator>

#include "tests/unit/resolver_dns/response_builder.h"

namespace dauth::testing {
namespace {

using dns::FailureCause;
using dns::RrType;
using Kind = GeneratedReply::Kind;

const std::vector<std::string>& mail_texts() {
  static const std::vector<std::string> kTexts{"v=spf1 -all",
                                               "v=spf1 mx ~all",
                                               "V=SPF1 ?ALL",
                                               "v=spf1 +all",
                                               "v=spf1 mx all -all",
                                               "v=spf1",
                                               "v=spf1 redirect=_spf.example.net",
                                               "v=spf1 redirect=_spf.example.net ~all",
                                               "v=spf1 a mx",
                                               "v=spf1 ip4:192.0.2.256 -all",
                                               "v=spf1 include: ~all",
                                               "v=spf10 -all",
                                               "spf2.0/mfrom,pra ~all",
                                               "SPF2.0/pra -all",
                                               "we publish no Spf",
                                               "google-site-verification=x",
                                               "",
                                               std::string("\0\xff", 2),
                                               "v=spf1 " + std::string(300, ' ') + "mx -all",
                                               "v=spf1 exists:%{i}.example.jp -all"};
  return kTexts;
}

const std::vector<std::string>& dmarc_texts() {
  static const std::vector<std::string> kTexts{"v=DMARC1; p=none",
                                               "v=DMARC1; p=quarantine; t=y",
                                               "v=DMARC1; p=reject; rua=mailto:d@example.jp",
                                               "v=DMARC1",
                                               "v=DMARC1; p=sometimes",
                                               "v=DMARC1; p=sometimes; rua=mailto:d@example.jp",
                                               "V=DMARC1;p=reject;sp=nothing",
                                               "v=DMARC1; p=none; np=x; rua=mailto:d@example.jp",
                                               "v=dmarc1; p=none",
                                               "v=spf1 -all",
                                               "p=reject; v=DMARC1",
                                               "v=DMARC1; p=quarantine; p=none; T=y"};
  return kTexts;
}

const std::vector<std::string>& policy_texts() {
  static const std::vector<std::string> kTexts{
      "o=~",       "t=y; o=-; n=note", "o=~; k=rsa",  "v=DKIM1; p=MIGf", "dkim=all", "dkim=discardable; x=y",
      " dkim=all", "o=!; u=x",         "v=spf1 -all", "hello",           "T=y"};
  return kTexts;
}

FailureCause any_failure(Chance& chance) {
  return static_cast<FailureCause>(chance.below(static_cast<std::size_t>(FailureCause::kUnreachable) + 1));
}

// kOfWildcards leaves out CNAME RRs whose target depends on the qname, which no wildcard gives.
enum class Aliases : std::uint8_t { kAny, kOfWildcards };

// The kinds of chain that a qname may begin; `end` becomes the name that the RRset stands at.
std::vector<GeneratedRecord> draw_chain(Chance& chance, const std::string& qname, Aliases aliases,
                                        std::string& end) {
  const std::size_t dot = qname.find('.');
  const std::string label = qname.substr(0, dot);
  const std::string parent = qname.substr(dot + 1);
  const auto cname = [](std::string owner, std::string target) {
    return GeneratedRecord{.owner = std::move(owner), .type = RrType::kCname, .names = {std::move(target)}};
  };
  const auto dname = [](std::string owner, std::string target) {
    return GeneratedRecord{.owner = std::move(owner), .type = RrType::kDname, .names = {std::move(target)}};
  };
  switch (chance.below(aliases == Aliases::kAny ? 6 : 5)) {
    case 5:
      end = label + ".target.example.net";
      return {cname(qname, end)};
    case 0:
      end = "target.example.net";
      return {cname(qname, end)};
    case 1:
      end = std::string(GeneratedDomain::kName);
      if (end == qname) end = "www.example.jp";
      return {cname(qname, "via.example.net"), cname("via.example.net", end)};
    case 2:
      end = label + ".example.net";
      return {dname(parent, "example.net"), cname(qname, end)};
    case 3:
      end = label + ".example.org";
      return {dname(parent, "example.net"), dname("example.net", "example.org")};
    default:
      end = label + ".example.org";
      return {dname(parent, "example.net"), cname(qname, label + ".example.net"),
              dname("example.net", "example.org"), cname(label + ".example.net", end)};
  }
}

// An RRset of `type` at `owner`; TXT of distinct texts, since what is two RRs must not become one by the
// borders of their strings.
std::vector<GeneratedRecord> draw_rrset(Chance& chance, RrType type, const std::string& owner,
                                        const std::string& qname, const std::vector<std::string>& texts) {
  std::vector<GeneratedRecord> rrset;
  const std::size_t count = chance.percent(60) ? 1 : 1 + chance.below(4);
  for (std::size_t i = 0; i < count; ++i) {
    GeneratedRecord record{.owner = owner, .type = type};
    switch (type) {
      case RrType::kTxt:
      case RrType::kSpf:
        record.text = chance.of(texts);
        if (std::any_of(rrset.begin(), rrset.end(), [&](const auto& r) { return r.text == record.text; })) {
          continue;
        }
        break;
      case RrType::kMx: {
        static const std::vector<std::string> kHosts{"mx.example.jp", "mx2.example.net", ".", "192.0.2.1",
                                                     ""};
        record.number = static_cast<std::uint16_t>(10 * chance.below(3));
        record.names = {chance.of(kHosts)};
        if (record.names.front().empty()) record.names = {qname};
        break;
      }
      case RrType::kSoa:
        record.names = {"ns.example.net", "hostmaster." + qname};
        record.octets = std::vector<std::uint8_t>(20, 1);
        rrset.push_back(record);
        return rrset;
      case RrType::kAaaa:
        record.octets = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0,
                         0,    0,    0,    0,    0, 0, 0, static_cast<std::uint8_t>(1 + chance.below(3))};
        break;
      default:
        record.octets = {192, 0, 2, static_cast<std::uint8_t>(1 + chance.below(3))};
        break;
    }
    rrset.push_back(std::move(record));
  }
  return rrset;
}

GeneratedReply draw_reply(Chance& chance, RrType type, const std::string& qname,
                          const std::vector<std::string>& texts, unsigned empty,
                          Aliases aliases = Aliases::kAny) {
  GeneratedReply reply;
  if (chance.percent(8)) {
    reply.kind = Kind::kFailure;
    reply.cause = any_failure(chance);
    return reply;
  }
  std::string end = qname;
  if (chance.percent(30)) reply.records = draw_chain(chance, qname, aliases, end);
  if (chance.percent(empty)) return reply;
  reply.kind = Kind::kAnswer;
  auto rrset = draw_rrset(chance, type, end, qname, texts);
  std::move(rrset.begin(), rrset.end(), std::back_inserter(reply.records));
  return reply;
}

// --- the form of a message

std::string any_case(Chance& chance, std::string text) {
  for (char& c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter && chance.percent(50)) c = static_cast<char>(c ^ 0x20);
  }
  return text;
}

Octets strings_of(Chance& chance, const std::string& text) {
  constexpr std::size_t kLongest = 255;
  Octets octets;
  std::size_t at = 0;
  do {
    const std::size_t rest = std::min(text.size() - at, kLongest);
    const std::size_t length = chance.percent(50) ? rest : chance.below(rest + 1);
    octets.push_back(static_cast<std::uint8_t>(length));
    octets.insert(octets.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                  text.begin() + static_cast<std::ptrdiff_t>(at + length));
    at += length;
  } while (at < text.size());
  if (chance.percent(20)) octets.push_back(0);  // an empty string at the end
  return octets;
}

Record formed(Chance& chance, const GeneratedRecord& record, const Octets& strings) {
  Rdata rdata;
  if (record.type == RrType::kTxt || record.type == RrType::kSpf) {
    rdata = {strings};
  } else {
    if (record.type == RrType::kMx) rdata = mx(record.number, any_case(chance, record.names.front()));
    if (record.type != RrType::kMx) {
      for (const std::string& each : record.names) rdata.emplace_back(name(any_case(chance, each)));
    }
    if (!record.octets.empty()) rdata.emplace_back(record.octets);
  }
  return {.owner = any_case(chance, record.owner),
          .type = record.type,
          .rdata = std::move(rdata),
          .ttl = static_cast<std::uint32_t>(chance.below(std::size_t{1} << 31))};
}

// What a message says in its answer section, and beside it what counts for nothing.
std::vector<Record> answer_section(Chance& chance, const std::vector<GeneratedRecord>& records) {
  std::vector<Record> section;
  for (const GeneratedRecord& record : records) {
    const Octets strings = strings_of(chance, record.text);
    section.push_back(formed(chance, record, strings));
    if (chance.percent(10)) section.push_back(formed(chance, record, strings));  // twice is once
  }
  if (chance.percent(20)) {
    section.push_back({.owner = "elsewhere.example", .type = RrType::kTxt, .rdata = txt({"v=spf1 +all"})});
    section.push_back({.owner = "elsewhere.example", .type = RrType::kMx, .rdata = mx(0, ".")});
    section.push_back({.owner = "elsewhere.example", .type = RrType::kCname, .rdata = target("example.jp")});
  }
  if (chance.percent(10) && !records.empty()) {
    constexpr std::uint16_t kClassCh = 3;
    section.push_back({.owner = records.back().owner, .rdata = txt({"v=spf1 +all"}), .rr_class = kClassCh});
  }
  chance.shuffle(section);
  return section;
}

// A message that stands for the Failure; nothing where none does, or none that is read as one.
bool stands_for(FailureCause cause, ResponseParts& parts) {
  const Record ns{.owner = "jp", .type = RrType::kNs, .rdata = target("ns.example.net")};
  switch (cause) {
    case FailureCause::kFormerr:
      parts.rcode = 1;
      return true;
    case FailureCause::kServfail:
      parts.rcode = 2;
      return true;
    case FailureCause::kNotimp:
      parts.rcode = 4;
      return true;
    case FailureCause::kRefused:
      parts.rcode = 5;
      return true;
    case FailureCause::kOtherRcode:
      parts.additional = {opt(1)};
      return true;
    case FailureCause::kTruncated:
      parts.flags |= kTc;
      return true;
    case FailureCause::kReferral:
      parts.authority = {ns};
      return true;
    case FailureCause::kUnfinishedChain:
      parts.flags = static_cast<std::uint16_t>(parts.flags & ~kRa);
      parts.answer = {{.owner = parts.qname, .type = RrType::kCname, .rdata = target("gone.example.net")}};
      return true;
    case FailureCause::kCnameLoop:
      parts.answer = {{.owner = parts.qname, .type = RrType::kCname, .rdata = target("loop.example.net")},
                      {.owner = "loop.example.net", .type = RrType::kCname, .rdata = target(parts.qname)}};
      return true;
    case FailureCause::kMalformed:
      parts.answer = {{.owner = parts.qname, .type = RrType::kCname, .rdata = raw("\x05")}};
      return true;
    case FailureCause::kTimeout:
    case FailureCause::kUnreachable:
    case FailureCause::kNotAsked:
    case FailureCause::kExcluded:
      return false;
  }
  return false;
}

dns::LookupOutcome through_a_message(Chance& chance, const GeneratedDomain::Question& question,
                                     const GeneratedReply& reply) {
  ResponseParts parts;
  parts.qname = any_case(chance, question.first);
  parts.qtype = question.second;
  parts.compression = chance.percent(50) ? Compression::kNames : Compression::kNone;
  if (reply.kind == Kind::kFailure) {
    if (!stands_for(reply.cause, parts)) return dns::Failure{reply.cause, 0};
  } else {
    parts.answer = answer_section(chance, reply.records);
    if (reply.kind == Kind::kNameError) parts.rcode = kNxDomain;
    // The rcode of a chain's end is that end's matter: NXDOMAIN with a chain is no name error.
    const bool chain = reply.kind == Kind::kNoData && !reply.records.empty();
    if (chain && chance.percent(50)) parts.rcode = kNxDomain;
    if (reply.kind != Kind::kAnswer || chance.percent(20)) {
      parts.authority = {
          {.owner = any_case(chance, "jp"), .type = RrType::kSoa, .rdata = soa("ns.example", "h.example")}};
    }
    if (chance.percent(50)) parts.additional = {opt(0)};
    if (chance.percent(50)) parts.flags |= kAa;
  }
  // The question as it was asked, whatever letters its repetition has.
  return classify(parts.octets(), {name(question.first), question.second});
}

}  // namespace

FailureCause any_cause(Chance& chance) {
  return any_failure(chance);
}

void GeneratedDomain::add(const std::string& owner, RrType type, GeneratedReply reply) {
  replies_.insert_or_assign(Question{owner, type}, std::move(reply));
}

GeneratedDomain::GeneratedDomain(std::uint64_t seed, Names names) {
  Chance chance(seed);
  const bool one_wildcard = names == Names::kWildcardOnly;
  const std::string domain(kName);
  const std::string subdomain = "_domainkey." + domain;
  const std::vector<std::string> below{"*." + domain, std::string(kRandomLabel) + '.' + domain, subdomain};
  const GeneratedReply name_error{.kind = Kind::kNameError};

  const bool exists = !chance.percent(6);
  const auto add_drawn = [&](const std::string& owner, RrType type, const std::vector<std::string>& texts,
                             unsigned empty, unsigned missing) {
    const bool nothing = !exists || chance.percent(missing);
    add(owner, type, nothing ? name_error : draw_reply(chance, type, owner, texts, empty));
  };
  // Nothing exists below a name that does not exist (RFC 8020), so where one type is a name error at the
  // domain all are. Names below it contradict themselves now and then, as real servers do.
  add_drawn(domain, RrType::kTxt, mail_texts(), 20, 0);
  add_drawn(domain, RrType::kSpf, mail_texts(), 60, 0);
  add_drawn(domain, RrType::kMx, {}, 20, 0);
  add_drawn("_dmarc." + domain, RrType::kTxt, dmarc_texts(), 10, 20);
  add_drawn("_policy." + subdomain, RrType::kTxt, policy_texts(), 20, 30);
  add_drawn("_adsp." + subdomain, RrType::kTxt, policy_texts(), 20, 30);
  if (one_wildcard) {
    add(subdomain, RrType::kSoa, exists ? GeneratedReply{} : name_error);
  } else {
    add_drawn(subdomain, RrType::kSoa, {}, 85, 20);
  }

  // Of `_domainkey`, the wildcard and the random label any two may answer alike, by one and the same draw.
  for (const RrType type : {RrType::kTxt, RrType::kA}) {
    const std::uint64_t draws[] = {chance.below(1U << 30), chance.below(1U << 30)};
    const unsigned empty = chance.percent(40) ? 100 : 10;
    for (const std::string& owner : below) {
      Chance shared(draws[one_wildcard ? 0 : chance.below(2)]);
      const bool nothing = !exists || (!one_wildcard && chance.percent(10));
      add(owner, type,
          nothing ? name_error
                  : draw_reply(shared, type, owner, policy_texts(), empty,
                               one_wildcard ? Aliases::kOfWildcards : Aliases::kAny));
    }
  }

  // The hosts that the MX RRs of draw_rrset() name.
  for (const std::string& host : {"mx." + domain, std::string("mx2.example.net"), domain}) {
    const bool is_outside = host == "mx2.example.net";
    const bool nothing = (!exists && !is_outside) || (host != domain && chance.percent(15));
    const unsigned empty = chance.percent(40) ? 100 : 30;
    for (const RrType type : {RrType::kA, RrType::kAaaa})
      add(host, type, nothing ? name_error : draw_reply(chance, type, host, {}, empty));
  }
}

GeneratedDomain::Outcomes GeneratedDomain::outcomes(std::uint64_t form) const {
  Chance chance(form);
  Outcomes outcomes;
  for (const auto& [question, reply] : replies_) {
    outcomes.emplace(question, through_a_message(chance, question, reply));
  }
  return outcomes;
}

}  // namespace dauth::testing
