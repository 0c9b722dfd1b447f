#include "tests/replay/conversation.h"

#include <charconv>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "resolver/stub_resolver.h"
#include "tests/replay/response_writer.h"
#include "tests/replay/scripted_transport.h"

namespace dauth::testing {
namespace {

using Words = std::vector<std::string>;

// Split at blanks; "..." is one word, without its quotes. A # begins a comment, except behind a backslash.
Words words_of(const std::string& line) {
  Words words;
  std::size_t at = 0;
  while ((at = line.find_first_not_of(" \t", at)) != std::string::npos) {
    if (line[at] == '#') break;
    if (line[at] == '"') {
      const std::size_t close = line.find('"', at + 1);
      if (close == std::string::npos) throw std::invalid_argument("a quote is not closed");
      words.push_back(line.substr(at + 1, close - at - 1));
      at = close + 1;
      continue;
    }
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    throw std::invalid_argument("not a number: " + text);
  return value;
}

std::chrono::milliseconds duration(const std::string& text) {
  if (text.ends_with("ms")) return std::chrono::milliseconds(number(text.substr(0, text.size() - 2)));
  if (text.ends_with("s")) return std::chrono::seconds(number(text.substr(0, text.size() - 1)));
  throw std::invalid_argument("a time without a unit: " + text);
}

net::SocketAddress server(const std::string& text) {
  const auto address = net::SocketAddress::parse(text);
  if (!address) throw std::invalid_argument(address.error());
  return *address;
}

dns::Question question_from(const std::string& name, const std::string& type) {
  const auto parsed = dns::DomainName::from_text(name);
  if (!parsed) throw std::invalid_argument("not a name: " + name);
  return {*parsed, rr_type_from(type)};
}

std::string names_of(const std::vector<dns::ResourceRecord>& records) {
  std::string text;
  for (const auto& record : records) {
    text += (text.empty() ? "" : ",") + record.owner.to_text() + "/" + dns::to_text(record.type);
  }
  return text;
}

// "Answer a.example/TXT", "NoData", "NoData via a.example/CNAME", "NxDomain", "Failure timeout".
std::string text_of(const dns::LookupOutcome& outcome) {
  const auto via = [](const auto& each) { return each.chain.empty() ? "" : " via " + names_of(each.chain); };
  if (const auto* answer = std::get_if<dns::Answer>(&outcome)) {
    return "Answer " + names_of(answer->rrset) + via(*answer);
  }
  if (const auto* nothing = std::get_if<dns::NoData>(&outcome)) return "NoData" + via(*nothing);
  if (std::holds_alternative<dns::NxDomain>(outcome)) return "NxDomain";
  return "Failure " + std::string(dns::to_text(std::get<dns::Failure>(outcome).cause));
}

[[noreturn]] void differs(const std::string& what, const std::string& expected, const std::string& got) {
  throw std::runtime_error(what + ": expected \"" + expected + "\", got \"" + got + "\"");
}

class Run final : private resolver::OutcomeHandler {
 public:
  // `body` holds the indented lines that follow.
  void step(const Words& words, const std::vector<Words>& body);
  void finish();

 private:
  using Step = void (Run::*)(const Words&, const std::vector<Words>&);
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

const std::map<std::string, Run::Step>& Run::steps() {
  static const std::map<std::string, Step> kSteps{
      {"servers", &Run::servers},   {"option", &Run::option},     {"ask", &Run::ask},
      {"ask-many", &Run::ask_many}, {"sent", &Run::sent},         {"sent-count", &Run::sent_count},
      {"reply", &Run::reply},       {"advance", &Run::advance},   {"stall", &Run::stall},
      {"error", &Run::error},       {"tcp", &Run::tcp},           {"no-socket", &Run::no_socket},
      {"cancel", &Run::cancel},     {"outcome", &Run::outcome},   {"no-outcome", &Run::no_outcome},
      {"figure", &Run::figure},     {"room", &Run::room},         {"outstanding", &Run::outstanding},
      {"rounds", &Run::rounds},     {"outcomes", &Run::outcomes}, {"repeat-ids", &Run::repeat_ids},
  };
  return kSteps;
}

void Run::step(const Words& words, const std::vector<Words>& body) {
  const auto found = steps().find(words.at(0));
  if (found == steps().end()) throw std::invalid_argument("unknown step: " + words[0]);
  (this->*found->second)(words, body);
}

void Run::finish() {
  if (!transport_.sent().empty()) throw std::runtime_error("messages were sent that no line speaks of");
  if (!outcomes_.empty()) throw std::runtime_error("outcomes came that no line speaks of");
  if (resolver().outstanding() != 0) throw std::runtime_error("questions are still open");
  resolver_.reset();
  if (transport_.open_channels() != 0 || transport_.open_streams() != 0)
    throw std::logic_error("sockets leaked");
}

resolver::StubResolver& Run::resolver() {
  if (!resolver_) {
    if (options_.servers.empty()) throw std::invalid_argument("no servers");
    resolver_.emplace(transport_, random_, options_);
    resolver_->set_room_listener([this] { ++room_calls_; });
  }
  return *resolver_;
}

const SentMessage& Run::message(const std::string& label) const {
  const auto found = messages_.find(label);
  if (found == messages_.end()) throw std::invalid_argument("no message " + label);
  return found->second;
}

std::uint64_t Run::token_of(const std::string& tag) const {
  const auto found = tokens_.find(tag);
  if (found == tokens_.end()) throw std::invalid_argument("no question " + tag);
  return found->second;
}

void Run::option(const Words& words, const std::vector<Words>&) {
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

void Run::ask(const Words& words, const std::vector<Words>&) {
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
void Run::ask_many(const Words& words, const std::vector<Words>& body) {
  for (std::uint64_t index = 1; index <= number(words.at(2)); ++index) {
    const std::string tag = words[1] + std::to_string(index);
    ask({"ask", tag, tag + ".example", words.at(3)}, body);
  }
}

void Run::sent(const Words& words, const std::vector<Words>&) {
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
void Run::sent_count(const Words& words, const std::vector<Words>&) {
  const std::size_t count = transport_.sent().size();
  transport_.sent().clear();
  if (words.at(1) != "any" && count != number(words[1])) differs("messages", words[1], std::to_string(count));
}

// rounds N after T [K FATE] [sending A..B]: see conversations/README.md. Of the messages the K-th, the 2K-th
// and so on meet that fate, however many a round has.
void Run::rounds(const Words& words, const std::vector<Words>&) {
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
void Run::outcomes(const Words& words, const std::vector<Words>& body) {
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

void Run::reply(const Words& words, const std::vector<Words>& body) {
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

void Run::error(const Words& words, const std::vector<Words>&) {
  static const std::map<std::string, net::TransportError> kErrors{
      {"refused", net::TransportError::kRefused}, {"unreachable", net::TransportError::kUnreachable},
      {"closed", net::TransportError::kClosed},   {"reset", net::TransportError::kReset},
      {"silent", net::TransportError::kSilent},   {"malformed", net::TransportError::kMalformed}};
  transport_.fail(message(words.at(1)), kErrors.at(words.at(2)));
}

void Run::tcp(const Words& words, const std::vector<Words>&) {
  if (words.at(2) != "refuses" && words[2] != "silent")
    throw std::invalid_argument("tcp ADDR refuses|silent");
  transport_.set_connecting(server(words[1]), words[2] == "refuses" ? ScriptedTransport::Connecting::kRefused
                                                                    : ScriptedTransport::Connecting::kSilent);
}

void Run::outcome(const Words& words, const std::vector<Words>&) {
  std::string expected;
  for (std::size_t at = 2; at < words.size(); ++at) expected += (at > 2 ? " " : "") + words[at];
  const auto found = outcomes_.find(token_of(words.at(1)));
  if (found == outcomes_.end()) throw std::runtime_error("no outcome of " + words[1]);
  if (found->second != expected) differs("outcome of " + words[1], expected, found->second);
  outcomes_.erase(found);
}

void Run::no_outcome(const Words& words, const std::vector<Words>&) {
  const auto found = outcomes_.find(token_of(words.at(1)));
  if (found != outcomes_.end()) differs("outcome of " + words[1], "none", found->second);
}

void Run::figure(const Words& words, const std::vector<Words>&) {
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
void Run::room(const Words& words, const std::vector<Words>&) {
  const std::string got = resolver().has_room() ? "yes" : "no";
  if (got != words.at(1)) differs("room", words[1], got);
  if (words.size() > 3 && number(words[3]) != room_calls_) {
    differs("calls of the room listener", words[3], std::to_string(room_calls_));
  }
}

void Run::outstanding(const Words& words, const std::vector<Words>&) {
  const std::size_t count = resolver().outstanding();
  if (count != number(words.at(1))) differs("outstanding", words[1], std::to_string(count));
}

}  // namespace

void run_conversation(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw ConversationError(path + ": cannot be read");
  struct Line {
    std::size_t number;
    Words words;
    std::vector<Words> body;
  };
  std::vector<Line> lines;
  std::string text;
  for (std::size_t number_of_line = 1; std::getline(file, text); ++number_of_line) {
    const bool indented = text.starts_with(' ') || text.starts_with('\t');
    try {
      Words words = words_of(text);
      if (words.empty()) continue;
      if (!indented) {
        lines.push_back({number_of_line, std::move(words), {}});
      } else if (lines.empty()) {
        throw std::invalid_argument("an indented line belongs to none");
      } else {
        lines.back().body.push_back(std::move(words));
      }
    } catch (const std::exception& error) {
      throw ConversationError(path + ":" + std::to_string(number_of_line) + ": " + error.what());
    }
  }
  Run run;
  std::size_t at = 0;
  try {
    for (const Line& line : lines) {
      at = line.number;
      run.step(line.words, line.body);
    }
    run.finish();
  } catch (const std::exception& error) {
    throw ConversationError(path + ":" + std::to_string(at) + ": " + error.what());
  }
}

}  // namespace dauth::testing
