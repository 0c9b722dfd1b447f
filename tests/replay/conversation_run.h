// ConversationRun: the steps of a conversation, done one by one with the real stub resolver.
//
// Owns the resolver, its transport and clock. A step that does not hold is an exception that says what was
// expected and what came.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "resolver/stub_resolver.h"
#include "tests/replay/conversation_text.h"
#include "tests/replay/scripted_transport.h"

namespace dauth::testing {

class ConversationRun final : private resolver::OutcomeHandler {
 public:
  // `body` holds the indented lines that follow.
  void step(const Words& words, const std::vector<Words>& body);
  void finish();

 private:
  using Step = void (ConversationRun::*)(const Words&, const std::vector<Words>&);
  static const std::map<std::string, Step>& steps();

  void on_outcome(std::uint64_t token, dns::LookupOutcome outcome) override {
    if (inside_ask_) throw std::logic_error("an outcome from inside ask()");
    if (!outcomes_.emplace(token, text_of(outcome)).second) {
      throw std::logic_error("a second outcome of one question");
    }
  }

  void servers(const Words& words, const std::vector<Words>&) {
    for (std::size_t at = 1; at < words.size(); ++at) options_.servers.push_back(server(words[at]));
  }
  void option(const Words& words, const std::vector<Words>&);
  void ask(const Words& words, const std::vector<Words>&);
  void ask_many(const Words& words, const std::vector<Words>&);
  void sent(const Words& words, const std::vector<Words>&);
  void sent_count(const Words& words, const std::vector<Words>&);
  void reply(const Words& words, const std::vector<Words>& body);
  void advance(const Words& words, const std::vector<Words>&) { transport_.advance(duration(words.at(1))); }
  void stall(const Words& words, const std::vector<Words>&) { transport_.stall(duration(words.at(1))); }
  void error(const Words& words, const std::vector<Words>&);
  void tcp(const Words& words, const std::vector<Words>&);
  void no_socket(const Words& words, const std::vector<Words>&) {
    transport_.forbid_channels(server(words.at(1)));
  }
  void cancel(const Words&, const std::vector<Words>&) { resolver().cancel_all(); }
  void repeat_ids(const Words&, const std::vector<Words>&) { random_.repeat(); }
  void rounds(const Words& words, const std::vector<Words>&);
  void outcomes(const Words& words, const std::vector<Words>&);
  void outcome(const Words& words, const std::vector<Words>&);
  void no_outcome(const Words& words, const std::vector<Words>&);
  void figure(const Words& words, const std::vector<Words>&);
  void room(const Words& words, const std::vector<Words>&);
  void outstanding(const Words& words, const std::vector<Words>&);

  resolver::StubResolver& resolver();
  const SentMessage& message(const std::string& label) const;
  std::uint64_t token_of(const std::string& tag) const;

  resolver::StubResolverOptions options_;
  ScriptedTransport transport_;
  CountingRandom random_;
  std::optional<resolver::StubResolver> resolver_;
  std::map<std::string, std::uint64_t> tokens_;
  std::vector<dns::Question> questions_;  // by token
  std::map<std::string, SentMessage> messages_;
  std::map<std::uint64_t, std::string> outcomes_;
  std::uint64_t room_calls_ = 0;
  bool inside_ask_ = false;
};

}  // namespace dauth::testing
