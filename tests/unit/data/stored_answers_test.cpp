// Outcomes written down for the database and read back: the same for every rule, whatever octets they hold.
#include "data/stored_answers.h"

#include <gtest/gtest.h>

#include <random>

#include "data/answer_text.h"

namespace dauth::data {
namespace {

using dns::DomainName;
using dns::FailureCause;
using dns::LookupOutcome;
using dns::Question;
using dns::ResourceRecord;
using dns::RrType;
using Octets = std::vector<std::uint8_t>;

DomainName name(std::string_view text) {
  return DomainName::from_text(text).value();
}

ResourceRecord text_record(const DomainName& owner, std::string_view text, RrType type = RrType::kTxt) {
  ResourceRecord record{owner, type, {static_cast<std::uint8_t>(text.size())}};
  record.rdata.insert(record.rdata.end(), text.begin(), text.end());
  return record;
}

ResourceRecord name_record(const DomainName& owner, RrType type, const DomainName& target,
                           Octets before = {}) {
  before.insert(before.end(), target.wire().begin(), target.wire().end());
  return {owner, type, std::move(before)};
}

std::string label_of(const DomainName&) {
  return "unguessable";
}

const DomainName kDomain = name("example.jp");

StoredAnswers stored(std::string_view relative, const Question& question, const LookupOutcome& outcome,
                     IsRead is_read = nullptr) {
  AnswerRecorder recorder(kDomain);
  recorder.add(relative, question, outcome, is_read);
  return recorder.take();
}

StoredQuestion back(const StoredAnswers& answers) {
  auto questions = read_stored_answers(answers, kDomain, label_of);
  if (!questions || questions->size() != 1) throw std::runtime_error("not read: " + answers.outcomes);
  return std::move(questions->front());
}

TEST(StoredAnswers, TextIsWhatTheSchemaSays) {
  AnswerRecorder recorder(kDomain);
  recorder.add("@", {kDomain, RrType::kTxt},
               dns::Answer{{}, {text_record(kDomain, "v=spf1 -all"), text_record(kDomain, "other")}},
               [](std::string_view text) { return text.starts_with("v=spf1"); });
  recorder.add("@", {kDomain, RrType::kMx},
               dns::Answer{{},
                           {name_record(kDomain, RrType::kMx, name("mx.example.net"), {0, 20}),
                            name_record(kDomain, RrType::kMx, name("Mail.Example.JP"), {0, 10})}});
  recorder.add("@", {kDomain, RrType::kSpf}, dns::NoData{});
  recorder.add("_domainkey", {name("_domainkey.example.jp"), RrType::kSoa},
               dns::NoData{{name_record(name("_domainkey.example.jp"), RrType::kCname, kDomain)}});
  recorder.add("?", {name("unguessable.example.jp"), RrType::kTxt},
               dns::Failure{FailureCause::kOtherRcode, 16});
  recorder.add("_dmarc", {name("_dmarc.example.jp"), RrType::kTxt}, dns::NxDomain{});
  const StoredAnswers answers = recorder.take();
  EXPECT_EQ(answers.outcomes,
            "@ TXT answer+1, @ MX answer, @ SPF nodata, _domainkey SOA nodata-chain, "
            "? TXT failure:other_rcode:16, _dmarc TXT nxdomain");
  ASSERT_EQ(answers.answers.size(), 3U);
  EXPECT_EQ(answers.answers[0], (StoredAnswers::Answer{AnswerPlace::kTxt, 0, "TXT v=spf1 -all"}));
  EXPECT_EQ(answers.answers[1],
            (StoredAnswers::Answer{AnswerPlace::kMx, 0, "MX 10 mail.@\nMX 20 mx.example.net."}));
  EXPECT_EQ(answers.answers[2], (StoredAnswers::Answer{AnswerPlace::kFurther, 4, "CNAME @"}));
}

// Two operators whose hosts fare alike: the hosts' names stand in the MX answer alone.
TEST(StoredAnswers, MxHostsThatFareAlikeShareTheText) {
  const auto of = [](const DomainName& domain, const DomainName& host) {
    AnswerRecorder recorder(domain);
    recorder.add("@", {domain, RrType::kMx},
                 dns::Answer{{},
                             {name_record(domain, RrType::kMx, name("z.example"), {0, 5}),
                              name_record(domain, RrType::kMx, host, {0, 10})}});
    recorder.add_mx_host({host, RrType::kA}, dns::Answer{{}, {{host, RrType::kA, {192, 0, 2, 1}}}});
    recorder.add_mx_host({host, RrType::kAaaa}, dns::NoData{});
    return recorder.take();
  };
  const DomainName one = name("Mx.Example.NET");
  const StoredAnswers answers = of(kDomain, one);
  EXPECT_EQ(answers.outcomes, "@ MX answer, mx:1 A answer, mx:1 AAAA nodata") << "10 before 5, as text";
  EXPECT_EQ(of(name("b.jp"), name("mail.b.jp")).outcomes, answers.outcomes);
  EXPECT_EQ(of(name("b.jp"), name("mail.b.jp")).answers[1], answers.answers[1]);
  const auto questions = read_stored_answers(answers, kDomain, label_of).value();
  ASSERT_EQ(questions.size(), 3U);
  EXPECT_EQ(questions[1].question, (Question{one, RrType::kA}));
  EXPECT_TRUE(questions[1].is_of_mx_host);
  EXPECT_FALSE(questions[0].is_of_mx_host);
  EXPECT_EQ(std::get<dns::Answer>(questions[1].outcome).rrset.at(0).rdata, (Octets{192, 0, 2, 1}));
}

TEST(StoredAnswers, AnMxHostThatTheAnswerDoesNotNameIsABug) {
  AnswerRecorder recorder(kDomain);
  EXPECT_THROW(recorder.add_mx_host({kDomain, RrType::kA}, dns::NoData{}), std::logic_error);
}

// As they were written before version 4 of the database, and as they are now.
TEST(StoredAnswers, AddressesAreReadInBothForms) {
  const DomainName subdomain = name("_domainkey.example.jp");
  for (const char* text : {"A \\# 4 c0000201", "A 192.0.2.1"}) {
    const StoredQuestion question = back({"_domainkey A answer", {{AnswerPlace::kFurther, 1, text}}});
    EXPECT_EQ(std::get<dns::Answer>(question.outcome).rrset.at(0).rdata, (Octets{192, 0, 2, 1})) << text;
  }
  Octets rdata(16, 0);
  std::mt19937 random(6);
  for (int round = 0; round < 500; ++round) {
    for (auto& octet : rdata) octet = static_cast<std::uint8_t>(random() % 4 == 0 ? random() % 256 : 0);
    const StoredAnswers answers = stored("_domainkey", {subdomain, RrType::kAaaa},
                                         dns::Answer{{}, {{subdomain, RrType::kAaaa, rdata}}});
    ASSERT_EQ(std::get<dns::Answer>(back(answers).outcome).rrset.at(0).rdata, rdata)
        << answers.answers.at(0).text;
  }
}

TEST(StoredAnswers, DomainsThatAnswerAlikeShareTheText) {
  const auto of = [](const DomainName& domain) {
    AnswerRecorder recorder(domain);
    recorder.add("@", {domain, RrType::kMx},
                 dns::Answer{{}, {name_record(domain, RrType::kMx, *domain.child("mail"), {0, 10})}});
    recorder.add("*", {*domain.child("*"), RrType::kTxt},
                 dns::Answer{{}, {text_record(*domain.child("*"), "v=spf1 -all")}});
    return recorder.take();
  };
  EXPECT_EQ(of(name("one.jp")), of(name("another.example.co.jp")));
}

TEST(StoredAnswers, EachOutcomeComesBack) {
  const DomainName subdomain = name("_domainkey.example.jp");
  const DomainName elsewhere = name("d.example.net");
  std::vector<LookupOutcome> outcomes = {
      dns::NxDomain{},
      dns::NoData{},
      dns::NoData{{name_record(subdomain, RrType::kCname, elsewhere)}},
      dns::Answer{{}, {text_record(subdomain, "")}},
      dns::Answer{{}, {text_record(subdomain, "a\\b\n\x01\x7f \" ; \xff")}},
      dns::Answer{{name_record(subdomain, RrType::kCname, elsewhere)}, {text_record(elsewhere, "k=rsa")}},
      dns::Answer{{name_record(kDomain, RrType::kDname, elsewhere),
                   name_record(subdomain, RrType::kCname, name("_domainkey.d.example.net"))},
                  {text_record(name("_domainkey.d.example.net"), "x")}},
      dns::Answer{{}, {text_record(subdomain, "v=spf1", RrType::kSpf)}},
      dns::Answer{{}, {{subdomain, RrType::kA, {192, 0, 2, 1}}, {subdomain, RrType::kA, {192, 0, 2, 2}}}},
      dns::Answer{{}, {{subdomain, RrType::kAaaa, Octets(16, 7)}}},
      dns::Answer{{}, {{subdomain, RrType::kMx, {0}}}},        // no MX, as it came
      dns::Answer{{}, {{subdomain, RrType::kMx, {0, 1, 9}}}},  // neither
      dns::Answer{{}, {name_record(subdomain, RrType::kMx, DomainName(), {0, 0})}},
      dns::Answer{{}, {name_record(subdomain, RrType::kSrv, elsewhere, {0, 1, 0, 2, 0, 3})}},
      dns::Answer{{}, {{subdomain, RrType::kA, {}}}},
  };
  for (const FailureCause cause : dns::all_failure_causes()) {
    outcomes.emplace_back(dns::Failure{cause, 0});
    outcomes.emplace_back(dns::Failure{cause, 3841});
  }
  for (const LookupOutcome& outcome : outcomes) {
    RrType type = RrType::kTxt;
    if (const auto* answer = std::get_if<dns::Answer>(&outcome)) type = answer->rrset.front().type;
    const StoredAnswers answers = stored("_domainkey", {subdomain, type}, outcome);
    SCOPED_TRACE(answers.outcomes + " / " + (answers.answers.empty() ? "" : answers.answers.front().text));
    const StoredQuestion question = back(answers);
    EXPECT_EQ(question.question, (Question{subdomain, type}));
    ASSERT_EQ(question.outcome.index(), outcome.index());
    if (const auto* failure = std::get_if<dns::Failure>(&outcome)) {
      EXPECT_EQ(std::get<dns::Failure>(question.outcome).cause, failure->cause);
      if (failure->rcode != 0) {
        EXPECT_EQ(std::get<dns::Failure>(question.outcome).rcode, failure->rcode);
      }
    } else if (const auto* answer = std::get_if<dns::Answer>(&outcome)) {
      EXPECT_EQ(std::get<dns::Answer>(question.outcome).chain, answer->chain);
      EXPECT_EQ(std::get<dns::Answer>(question.outcome).rrset, answer->rrset);
    } else if (const auto* no_data = std::get_if<dns::NoData>(&outcome)) {
      EXPECT_EQ(std::get<dns::NoData>(question.outcome).chain, no_data->chain);
    }
  }
}

TEST(StoredAnswers, AnyOctetsComeBackFromPrintableAscii) {
  std::mt19937 random(4);
  for (int round = 0; round < 2000; ++round) {
    std::string octets(random() % 700, '\0');
    for (char& c : octets) c = static_cast<char>(random() % (round % 2 == 0 ? 256 : 128));
    ResourceRecord record{kDomain, RrType::kTxt, {}};
    for (std::size_t at = 0; at < octets.size() || at == 0;) {
      const std::size_t length = std::min<std::size_t>(octets.size() - at, random() % 256);
      record.rdata.push_back(static_cast<std::uint8_t>(length));
      record.rdata.insert(record.rdata.end(), octets.begin() + static_cast<std::ptrdiff_t>(at),
                          octets.begin() + static_cast<std::ptrdiff_t>(at + length));
      at += length;
      if (octets.empty()) break;
    }
    const StoredAnswers answers = stored("@", {kDomain, RrType::kTxt}, dns::Answer{{}, {record}});
    for (const char c : answers.answers.at(0).text) ASSERT_TRUE(c >= ' ' && c <= '~');
    const StoredQuestion question = back(answers);
    const auto& found = std::get<dns::Answer>(question.outcome).rrset.at(0);
    ASSERT_EQ(dns::join_character_strings(found.rdata), octets);
  }
}

TEST(StoredAnswers, AnyLabelsComeBack) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    std::string label(1 + random() % 20, '\0');
    for (char& c : label) c = static_cast<char>(random() % 256);
    if (round % 4 == 0) label = "@";
    const DomainName target = round % 3 == 0   ? *kDomain.child(label)
                              : round % 3 == 1 ? *name("example.net").child(label)
                                               : *DomainName().child(label);
    const StoredAnswers answers =
        stored("@", {kDomain, RrType::kTxt}, dns::NoData{{name_record(kDomain, RrType::kCname, target)}});
    const StoredQuestion question = back(answers);
    const auto& chain = std::get<dns::NoData>(question.outcome).chain;
    ASSERT_EQ(DomainName::from_wire(chain.at(0).rdata).value(), target) << answers.answers.at(0).text;
  }
}

TEST(StoredAnswers, UnreadRecordsAreCounted) {
  const StoredAnswers answers =
      stored("@", {kDomain, RrType::kTxt},
             dns::Answer{{}, {text_record(kDomain, "one"), text_record(kDomain, "two")}},
             [](std::string_view) { return false; });
  EXPECT_EQ(answers.outcomes, "@ TXT answer+2");
  EXPECT_TRUE(answers.answers.empty());
  const StoredQuestion question = back(answers);
  EXPECT_EQ(question.unread, 2U);
  EXPECT_EQ(std::get<dns::Answer>(question.outcome).rrset.size(), 2U);
}

TEST(StoredAnswers, SingleRecordRdataOfOtherTypesIsNotTakenForText) {
  // Only TXT and SPF RRs may be left out.
  const StoredAnswers answers =
      stored("@", {kDomain, RrType::kA}, dns::Answer{{}, {{kDomain, RrType::kA, {192, 0, 2, 1}}}},
             [](std::string_view) { return false; });
  EXPECT_EQ(answers.outcomes, "@ A answer");
}

TEST(StoredAnswers, PersistentServfailIsMarkedAndStaysServfail) {
  AnswerRecorder recorder(kDomain);
  recorder.add("@", {kDomain, RrType::kTxt}, dns::Failure{FailureCause::kServfail, 2});
  recorder.add("@", {kDomain, RrType::kMx}, dns::Failure{FailureCause::kTimeout, 0});
  StoredAnswers answers = recorder.take();
  mark_servfail_as_persistent(answers);
  EXPECT_EQ(answers.outcomes, "@ TXT failure:persistent_servfail, @ MX failure:timeout");
  mark_servfail_as_persistent(answers);
  EXPECT_EQ(answers.outcomes, "@ TXT failure:persistent_servfail, @ MX failure:timeout");
  const auto questions = read_stored_answers(answers, kDomain, label_of).value();
  EXPECT_TRUE(questions[0].servfail_persisted);
  EXPECT_EQ(std::get<dns::Failure>(questions[0].outcome).cause, FailureCause::kServfail);
  EXPECT_EQ(std::get<dns::Failure>(questions[0].outcome).rcode, 2);
  EXPECT_FALSE(questions[1].servfail_persisted);
}

TEST(StoredAnswers, DamageIsToldAndNeverTakenForAnAnswer) {
  const std::vector<StoredAnswers> damaged = {
      {"@", {}},
      {"@ TXT", {}},
      {"@ TXT nonsense", {}},
      {"@ NOTYPE nodata", {}},
      {"@ TXT answer", {}},
      {"@ TXT answer+", {}},
      {"@ TXT answer+x", {}},
      {"@ TXT answer+99999999", {}},
      {"@ TXT nodata-chain", {}},
      {"@ TXT failure:", {}},
      {"@ TXT failure:no_such_cause", {}},
      {"@ TXT failure:other_rcode:x", {}},
      {"a..b TXT nodata", {}},
      {"@ TXT answer", {{AnswerPlace::kTxt, 0, "TXT"}}},
      {"@ TXT answer", {{AnswerPlace::kTxt, 0, "TXT a\\9"}}},
      {"@ TXT answer", {{AnswerPlace::kTxt, 0, "TXT a\\12x"}}},
      {"@ TXT answer", {{AnswerPlace::kTxt, 0, "TXT a\\256"}}},
      {"@ MX answer", {{AnswerPlace::kMx, 0, "MX mail.@"}}},
      {"@ MX answer", {{AnswerPlace::kMx, 0, "MX 10 mail"}}},
      {"@ MX answer", {{AnswerPlace::kMx, 0, "MX 99999 mail."}}},
      {"@ MX answer", {{AnswerPlace::kMx, 0, "MX \\# 2 00"}}},
      {"@ MX answer", {{AnswerPlace::kMx, 0, "MX \\# 1 0g"}}},
      {"@ MX answer", {{AnswerPlace::kFurther, 1, "MX 10 mail.@"}}},
      {"@ MX answer", {{AnswerPlace::kMx, 0, "A \\# 4 c0000201"}}},
      {"@ A answer", {{AnswerPlace::kFurther, 1, "A 192.0.2"}}},
      {"@ A answer", {{AnswerPlace::kFurther, 1, "A 192.0.2.256"}}},
      {"@ A answer", {{AnswerPlace::kFurther, 1, "A 2001:db8::1"}}},
      {"@ AAAA answer", {{AnswerPlace::kFurther, 1, "AAAA 192.0.2.1"}}},
      {"@ AAAA answer", {{AnswerPlace::kFurther, 1, "AAAA fe80::1%lo"}}},
      {"mx:1 A nodata", {{AnswerPlace::kMx, 0, "MX 10 mail.@"}}},
      {"mx:1 A nodata, @ MX answer", {{AnswerPlace::kMx, 0, "MX 10 mail.@"}}},
      {"@ MX answer, mx:2 A nodata", {{AnswerPlace::kMx, 0, "MX 10 mail.@"}}},
      {"@ MX answer, mx:1 A nodata", {{AnswerPlace::kMx, 0, "MX \\# 1 00"}}},
      {"@ MX nodata, mx:1 A nodata", {}},
  };
  for (const StoredAnswers& answers : damaged) {
    EXPECT_FALSE(read_stored_answers(answers, kDomain, label_of))
        << answers.outcomes << " / " << (answers.answers.empty() ? "" : answers.answers.front().text);
  }
}

TEST(AnswerText, DataForAReader) {
  EXPECT_EQ(rdata_for_reader(text_record(kDomain, "v=spf1 \xff")), "v=spf1 \xff");
  EXPECT_EQ(rdata_for_reader(name_record(kDomain, RrType::kMx, name("mx.example.net"), {1, 0})),
            "256 mx.example.net");
  EXPECT_EQ(rdata_for_reader({kDomain, RrType::kA, {192, 0, 2, 1}}), "192.0.2.1");
  EXPECT_EQ(
      rdata_for_reader({kDomain, RrType::kAaaa, {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}),
      "2001:db8::1");
  EXPECT_EQ(rdata_for_reader({kDomain, RrType::kAaaa, {1}}), "\\# 1 01");
  EXPECT_EQ(rdata_for_reader(name_record(kDomain, RrType::kCname, name("a.jp"))), "a.jp");
  EXPECT_EQ(rdata_for_reader({kDomain, RrType::kMx, {0}}), "\\# 1 00");
}

}  // namespace
}  // namespace dauth::data
