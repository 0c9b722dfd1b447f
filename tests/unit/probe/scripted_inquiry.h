// An Inquiry that answers from a table, and the outcomes to fill it with.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory_resource>
#include <string>
#include <utility>
#include <vector>

#include "scanner/probe/inquiry.h"
#include "scanner/probe/probe.h"

namespace dauth::testing {

inline dns::DomainName name(std::string_view text) {
  return dns::DomainName::from_text(text).value();
}

// One TXT or SPF RR of these character-strings.
inline dns::ResourceRecord text_record(std::string_view owner, const std::vector<std::string>& strings,
                                       dns::RrType type = dns::RrType::kTxt) {
  dns::ResourceRecord record{name(owner), type, {}};
  for (const std::string& text : strings) {
    record.rdata.push_back(static_cast<std::uint8_t>(text.size()));
    record.rdata.insert(record.rdata.end(), text.begin(), text.end());
  }
  return record;
}

// An RR whose RDATA is `before` octets and a name: MX, CNAME, DNAME, NS, SRV.
inline dns::ResourceRecord name_record(std::string_view owner, dns::RrType type, std::string_view target,
                                       std::vector<std::uint8_t> before = {}) {
  dns::ResourceRecord record{name(owner), type, std::move(before)};
  const dns::DomainName target_name = name(target);
  record.rdata.insert(record.rdata.end(), target_name.wire().begin(), target_name.wire().end());
  return record;
}
inline dns::ResourceRecord mx_record(std::string_view owner, std::uint8_t preference,
                                     std::string_view exchange) {
  return name_record(owner, dns::RrType::kMx, exchange, {0, preference});
}
inline dns::ResourceRecord cname(std::string_view owner, std::string_view target) {
  return name_record(owner, dns::RrType::kCname, target);
}
inline dns::ResourceRecord dname(std::string_view owner, std::string_view target) {
  return name_record(owner, dns::RrType::kDname, target);
}
inline dns::ResourceRecord a_record(std::string_view owner, std::uint8_t last_octet) {
  return {name(owner), dns::RrType::kA, {192, 0, 2, last_octet}};
}
inline dns::ResourceRecord soa_record(std::string_view owner) {
  dns::ResourceRecord record = name_record(owner, dns::RrType::kSoa, "ns.example");
  const dns::DomainName mailbox = name("hostmaster.example");
  record.rdata.insert(record.rdata.end(), mailbox.wire().begin(), mailbox.wire().end());
  record.rdata.insert(record.rdata.end(), 20, 0);
  return record;
}

inline dns::LookupOutcome answer(std::vector<dns::ResourceRecord> rrset,
                                 std::vector<dns::ResourceRecord> chain = {}) {
  return dns::Answer{std::move(chain), std::move(rrset)};
}
inline dns::LookupOutcome no_data(std::vector<dns::ResourceRecord> chain = {}) {
  return dns::NoData{std::move(chain)};
}
inline dns::LookupOutcome name_error() {
  return dns::NxDomain{};
}
inline dns::LookupOutcome failure(dns::FailureCause cause = dns::FailureCause::kTimeout) {
  return dns::Failure{cause, 0};
}

enum class Delivery { kOldestFirst, kNewestFirst };

// A base, so that the pool outlives the Inquiry that uses it.
struct OwnPool {
  std::pmr::unsynchronized_pool_resource pool;
};

class ScriptedInquiry final : private OwnPool, public scanner::Inquiry {
 public:
  using Script = std::map<std::pair<std::string, dns::RrType>, dns::LookupOutcome>;

  explicit ScriptedInquiry(Script script, Delivery delivery = Delivery::kOldestFirst)
      : Inquiry(OwnPool::pool), script_(std::move(script)), delivery_(delivery) {}

  // Starts the probe, answers its questions until there are none, and gives its value.
  template <class T>
  T run(scanner::Probe<T> probe) {
    probe.start();
    while (!open_.empty()) {
      Asked* const asked = delivery_ == Delivery::kOldestFirst ? open_.front() : open_.back();
      if (delivery_ == Delivery::kOldestFirst) {
        open_.pop_front();
      } else {
        open_.pop_back();
      }
      auto line = script_.find({asked->question.name.to_text(), asked->question.type});
      if (line == script_.end()) {
        line = script_.find({asked->question.name.lowercased().to_text(), asked->question.type});
      }
      if (line == script_.end()) {
        ADD_FAILURE() << "not in the script: " << asked->question.name.to_text() << ' '
                      << dns::to_text(asked->question.type);
      }
      deliver(*asked, line == script_.end() ? failure() : line->second);
    }
    EXPECT_TRUE(probe.done());
    return probe.take();
  }

  // "example.jp TXT", in the order asked.
  std::vector<std::string> questions() const {
    std::vector<std::string> texts;
    for (const Asked& asked_question : asked()) {
      texts.push_back(asked_question.question.name.to_text() + ' ' +
                      dns::to_text(asked_question.question.type));
    }
    return texts;
  }

 private:
  void submit(Asked& asked_question) override { open_.push_back(&asked_question); }

  Script script_;
  Delivery delivery_;
  std::deque<Asked*> open_;
};

}  // namespace dauth::testing
