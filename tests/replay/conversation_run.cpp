#include "tests/replay/conversation_run.h"

#include <deque>
#include <limits>
#include <utility>
#include <variant>

#include "tests/replay/response_writer.h"

namespace dauth::testing {
namespace {

[[noreturn]] void differs(const std::string& what, const std::string& expected, const std::string& got) {
  throw std::runtime_error(what + ": expected \"" + expected + "\", got \"" + got + "\"");
}

}  // namespace

const std::map<std::string, ConversationRun::Step>& ConversationRun::steps() {
  static const std::map<std::string, Step> kSteps{
      {"servers", &ConversationRun::servers},
      {"option", &ConversationRun::option},
      {"ask", &ConversationRun::ask},
      {"ask-many", &ConversationRun::ask_many},
      {"sent", &ConversationRun::sent},
      {"sent-count", &ConversationRun::sent_count},
      {"reply", &ConversationRun::reply},
      {"advance", &ConversationRun::advance},
      {"stall", &ConversationRun::stall},
      {"error", &ConversationRun::error},
      {"tcp", &ConversationRun::tcp},
      {"no-socket", &ConversationRun::no_socket},
      {"cancel", &ConversationRun::cancel},
      {"outcome", &ConversationRun::outcome},
      {"no-outcome", &ConversationRun::no_outcome},
      {"figure", &ConversationRun::figure},
      {"room", &ConversationRun::room},
      {"outstanding", &ConversationRun::outstanding},
      {"rounds", &ConversationRun::rounds},
      {"outcomes", &ConversationRun::outcomes},
      {"repeat-ids", &ConversationRun::repeat_ids},
  };
  return kSteps;
}

void ConversationRun::step(const Words& words, const std::vector<Words>& body) {
  const auto found = steps().find(words.at(0));
  if (found == steps().end()) throw std::invalid_argument("unknown step: " + words[0]);
  (this->*found->second)(words, body);
}

void ConversationRun::finish() {
  if (!transport_.sent().empty()) throw std::runtime_error("messages were sent that no line speaks of");
  if (!outcomes_.empty()) throw std::runtime_error("outcomes came that no line speaks of");
  if (resolver().outstanding() != 0) throw std::runtime_error("questions are still open");
  resolver_.reset();
  if (transport_.open_channels() != 0 || transport_.open_streams() != 0)
    throw std::logic_error("sockets leaked");
}

resolver::StubResolver& ConversationRun::resolver() {
  if (!resolver_) {
    if (options_.servers.empty()) throw std::invalid_argument("no servers");
    resolver_.emplace(transport_, random_, options_);
    resolver_->set_room_listener([this] { ++room_calls_; });
  }
  return *resolver_;
}

const SentMessage& ConversationRun::message(const std::string& label) const {
  const auto found = messages_.find(label);
  if (found == messages_.end()) throw std::invalid_argument("no message " + label);
  return found->second;
}

std::uint64_t ConversationRun::token_of(const std::string& tag) const {
  const auto found = tokens_.find(tag);
  if (found == tokens_.end()) throw std::invalid_argument("no question " + tag);
  return found->second;
}

void ConversationRun::option(const Words& words, const std::vector<Words>&) {
  const std::string& value = words.at(2);
  if (words[1] == "tries") {
    options_.tries = static_cast<std::uint32_t>(number(value));
  } else if (words[1] == "timeout") {
    options_.timeout = duration(value);
  } else if (words[1] == "in-flight") {
    options_.in_flight = number(value);
  } else if (words[1] == "qps") {
    options_.queries_per_second = static_cast<double>(number(value));
  } else {
    throw std::invalid_argument("unknown option: " + words[1]);
  }
}

void ConversationRun::ask(const Words& words, const std::vector<Words>&) {
  const dns::Question question = question_from(words.at(2), words.at(3));
  tokens_[words[1]] = questions_.size();
  questions_.push_back(question);
  const auto tries =
      words.size() > 4 && words[4] == "tries" ? static_cast<std::uint32_t>(number(words.at(5))) : 0;
  inside_ask_ = true;
  resolver().ask(question, *this, questions_.size() - 1, tries);
  inside_ask_ = false;
  transport_.flush();
}

// ask-many PREFIX COUNT TYPE: PREFIX1 at PREFIX1.example, ...
void ConversationRun::ask_many(const Words& words, const std::vector<Words>& body) {
  for (std::uint64_t index = 1; index <= number(words.at(2)); ++index) {
    const std::string tag = words[1] + std::to_string(index);
    ask({"ask", tag, tag + ".example", words.at(3)}, body);
  }
}

void ConversationRun::sent(const Words& words, const std::vector<Words>&) {
  if (transport_.sent().empty()) throw std::runtime_error("nothing was sent");
  SentMessage next = std::move(transport_.sent().front());
  transport_.sent().pop_front();
  const dns::Question& question = questions_.at(token_of(words.at(1)));
  // A query repeats its question as a response does, but for the bit that tells them apart.
  std::vector<std::uint8_t> as_response = next.octets;
  as_response.at(2) |= 0x80;
  const auto view = dns::MessageView::over(as_response);
  if (!view || !view->answers(question)) differs("question", words[1], "another");
  const bool over_tcp = std::holds_alternative<net::StreamId>(next.lane);
  if (over_tcp != (words.at(2) == "tcp")) differs("protocol", words[2], over_tcp ? "tcp" : "udp");
  if (!(next.server == server(words.at(3)))) differs("server", words[3], next.server.to_text());
  std::string label = words[1];
  const bool edns = view->additional_count() == 1;
  for (std::size_t at = 4; at < words.size(); ++at) {
    if (words[at] == "as") {
      label = words.at(++at);
    } else if (words[at] == "edns" || words[at] == "no-edns") {
      if (edns != (words[at] == "edns")) differs("EDNS", words[at], edns ? "edns" : "no-edns");
    } else if (words[at] == "like") {
      const SentMessage& other = message(words.at(++at));
      if (other.lane != next.lane || other.octets[0] != next.octets[0] || other.octets[1] != next.octets[1]) {
        throw std::runtime_error("another socket or ID than " + words[at]);
      }
    } else if (words[at] == "not-like") {
      const SentMessage& other = message(words.at(++at));
      if (other.lane == next.lane) throw std::runtime_error("the same socket as " + words[at]);
      if (other.octets[0] == next.octets[0] && other.octets[1] == next.octets[1]) {
        throw std::runtime_error("the same ID as " + words[at]);
      }
    } else {
      throw std::invalid_argument("unknown word: " + words[at]);
    }
  }
  messages_.insert_or_assign(label, std::move(next));
}

// sent-count N: so many messages went out since the last look, and none of them matters by itself.
void ConversationRun::sent_count(const Words& words, const std::vector<Words>&) {
  const std::size_t count = transport_.sent().size();
  transport_.sent().clear();
  if (words.at(1) != "any" && count != number(words[1])) differs("messages", words[1], std::to_string(count));
}

// rounds N after T [K FATE] [sending A..B]: see conversations/README.md. Of the messages the K-th, the 2K-th
// and so on meet that fate, however many a round has.
void ConversationRun::rounds(const Words& words, const std::vector<Words>&) {
  const std::uint64_t count = number(words.at(1));
  const std::chrono::milliseconds after = duration(words.at(3));
  std::uint64_t least = 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t every = 0;
  std::string fate;
  for (std::size_t at = 4; at < words.size(); ++at) {
    if (words[at] == "sending") {
      const std::string& range = words.at(++at);
      const std::size_t dots = range.find("..");
      least = number(range.substr(0, dots));
      most = dots == std::string::npos ? least : number(range.substr(dots + 2));
    } else {
      every = number(words[at]);
      fate = words.at(++at);
    }
  }
  std::uint64_t seen = 0;
  std::uint64_t sent_in_last = 0;
  for (std::uint64_t round = 0; round < count; ++round) {
    transport_.advance(after);
    std::deque<SentMessage> arrived = std::exchange(transport_.sent(), {});
    sent_in_last = arrived.size();
    for (const SentMessage& query : arrived) {
      const bool struck = every != 0 && ++seen % every == 0;
      if (struck && fate == "lost") continue;
      ResponseWriter writer(query.octets);
      writer.set_rcode(struck ? fate : "NXDOMAIN");
      transport_.deliver(query, query.server, writer.octets());
    }
  }
  if (sent_in_last < least || sent_in_last > most) {
    differs("messages of the last round", words.back(), std::to_string(sent_in_last));
  }
}

// outcomes PREFIX FROM TO WORDS, or outcomes any WORDS: of many questions at once.
void ConversationRun::outcomes(const Words& words, const std::vector<Words>& body) {
  if (words.at(1) == "any") {
    const Words expected(words.begin() + 2, words.end());
    for (const auto& [token, text] : std::exchange(outcomes_, {})) {
      if (words_of(text) != expected)
        differs("outcome of question " + std::to_string(token), words.back(), text);
    }
    return;
  }
  for (std::uint64_t index = number(words.at(2)); index <= number(words.at(3)); ++index) {
    Words one{"outcome", words[1] + std::to_string(index)};
    one.insert(one.end(), words.begin() + 4, words.end());
    outcome(one, body);
  }
}

void ConversationRun::reply(const Words& words, const std::vector<Words>& body) {
  const SentMessage& query = message(words.at(1));
  ResponseWriter writer(query.octets);
  net::SocketAddress source = query.server;
  std::optional<std::size_t> length;
  for (std::size_t at = 2; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word == "from") {
      source = server(words.at(++at));
    } else if (word == "wrong-id") {
      writer.set_id(static_cast<std::uint16_t>(writer.id() ^ 0xa5a5));
    } else if (word == "question") {
      writer.set_question(question_from(words.at(at + 1), words.at(at + 2)));
      at += 2;
    } else if (word == "no-question") {
      writer.drop_question();
    } else if (word == "opcode") {
      writer.set_opcode(static_cast<std::uint8_t>(number(words.at(++at))));
    } else if (word == "cut") {
      length = number(words.at(++at));
    } else if (word == "aa" || word == "tc" || word == "-ra" || word == "-qr") {
      writer.set_flag(word);
    } else {
      writer.set_rcode(word);
    }
  }
  static const std::map<std::string, Section> kSections{
      {"answer", Section::kAnswer}, {"authority", Section::kAuthority}, {"additional", Section::kAdditional}};
  for (const Words& record : body) {
    const auto section = kSections.find(record.at(0));
    if (section == kSections.end()) throw std::invalid_argument("unknown section: " + record[0]);
    if (record.at(1) == "octets") {
      writer.add_octets(section->second, octets_from_hex(record.at(2)));
    } else {
      writer.add(section->second, record[1], rr_type_from(record.at(2)), {record.begin() + 3, record.end()});
    }
  }
  std::vector<std::uint8_t> octets = writer.octets();
  if (length) octets.resize(*length);
  transport_.deliver(query, source, octets);
}

void ConversationRun::error(const Words& words, const std::vector<Words>&) {
  static const std::map<std::string, net::TransportError> kErrors{
      {"refused", net::TransportError::kRefused}, {"unreachable", net::TransportError::kUnreachable},
      {"closed", net::TransportError::kClosed},   {"reset", net::TransportError::kReset},
      {"silent", net::TransportError::kSilent},   {"malformed", net::TransportError::kMalformed}};
  transport_.fail(message(words.at(1)), kErrors.at(words.at(2)));
}

void ConversationRun::tcp(const Words& words, const std::vector<Words>&) {
  if (words.at(2) != "refuses" && words[2] != "silent")
    throw std::invalid_argument("tcp ADDR refuses|silent");
  transport_.set_connecting(server(words[1]), words[2] == "refuses" ? ScriptedTransport::Connecting::kRefused
                                                                    : ScriptedTransport::Connecting::kSilent);
}

void ConversationRun::outcome(const Words& words, const std::vector<Words>&) {
  std::string expected;
  for (std::size_t at = 2; at < words.size(); ++at) expected += (at > 2 ? " " : "") + words[at];
  const auto found = outcomes_.find(token_of(words.at(1)));
  if (found == outcomes_.end()) throw std::runtime_error("no outcome of " + words[1]);
  if (found->second != expected) differs("outcome of " + words[1], expected, found->second);
  outcomes_.erase(found);
}

void ConversationRun::no_outcome(const Words& words, const std::vector<Words>&) {
  const auto found = outcomes_.find(token_of(words.at(1)));
  if (found != outcomes_.end()) differs("outcome of " + words[1], "none", found->second);
}

void ConversationRun::figure(const Words& words, const std::vector<Words>&) {
  const resolver::ResolverFigures& figures = resolver().figures();
  const std::map<std::string, std::uint64_t> values{
      {"questions-asked", figures.questions_asked},
      {"questions-sent", figures.questions_sent},
      {"retries", figures.retries},
      {"resent", figures.resent},
      {"timeouts", figures.timeouts},
      {"tcp-questions", figures.tcp_questions},
      {"without-edns", figures.without_edns},
      {"network-errors", figures.network_errors},
      {"late-replies", figures.late_replies},
      {"rested-servers", figures.rested_servers},
      {"mismatch-id", figures.mismatches.id},
      {"mismatch-source", figures.mismatches.source},
      {"mismatch-question", figures.mismatches.question},
      {"mismatch-opcode", figures.mismatches.opcode},
      {"mismatch-malformed", figures.mismatches.malformed},
  };
  const auto found = values.find(words.at(1));
  if (found == values.end()) throw std::invalid_argument("unknown figure: " + words[1]);
  if (found->second != number(words.at(2))) differs(words[1], words[2], std::to_string(found->second));
}

// room yes|no [calls N]: has_room(), and how often the room listener was called so far.
void ConversationRun::room(const Words& words, const std::vector<Words>&) {
  const std::string got = resolver().has_room() ? "yes" : "no";
  if (got != words.at(1)) differs("room", words[1], got);
  if (words.size() > 3 && number(words[3]) != room_calls_) {
    differs("calls of the room listener", words[3], std::to_string(room_calls_));
  }
}

void ConversationRun::outstanding(const Words& words, const std::vector<Words>&) {
  const std::size_t count = resolver().outstanding();
  if (count != number(words.at(1))) differs("outstanding", words[1], std::to_string(count));
}

}  // namespace dauth::testing
