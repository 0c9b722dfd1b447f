#include "scanner/submission/smtp_dialogue.h"

#include <algorithm>

#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

constexpr int kServiceReady = 220;
constexpr std::size_t kMostClientName = 255;

// A command line holds what is meant and nothing else.
std::string name_from(std::string_view text) {
  std::string name;
  for (const char c : text.substr(0, kMostClientName)) {
    if (is_alphanumeric(c) || std::string_view("-._:[]").find(c) != std::string_view::npos) name += c;
  }
  return name;
}

}  // namespace

SmtpDialogue::SmtpDialogue(SubmissionService service, std::string host, std::string_view client_name)
    : tls_from_start_(service == SubmissionService::kSubmissions),
      host_(std::move(host)),
      client_name_(name_from(client_name)),
      step_(tls_from_start_ ? Step::kHandshake : Step::kGreeting) {
  if (tls_from_start_) tls_.emplace(host_);
}

void SmtpDialogue::received(std::span<const std::uint8_t> octets, std::chrono::microseconds elapsed) {
  if (is_over()) return;
  if (!tls_) {
    reader_.push(octets);
    return read_replies(elapsed);
  }
  reader_.push(tls_->received(octets));
  if (step_ == Step::kHandshake) tls_changed();
  if (!is_over()) read_replies(elapsed);
  const bool has_ended =
      tls_->state() == TlsSession::State::kClosed || tls_->state() == TlsSession::State::kFailed;
  if (has_ended && !is_over()) broken(Broken::kClosed);
}

void SmtpDialogue::tls_changed() {
  if (tls_->state() == TlsSession::State::kFailed) {
    found_.tls_failure = tls_->failure();
    return break_off(DialogueEnd::kTlsFailed);
  }
  if (!tls_->facts()) return;
  found_.tls = tls_->facts();
  if (tls_from_start_) {
    step_ = Step::kGreeting;
  } else {
    send("EHLO " + client_name_, Step::kEhlo);
  }
}

void SmtpDialogue::read_replies(std::chrono::microseconds elapsed) {
  // In the handshake nothing in clear is a reply any more.
  while (!is_over() && step_ != Step::kHandshake) {
    auto reply = reader_.next();
    if (!reply) break;
    read(*std::move(reply), elapsed);
  }
  if (is_over() || !reader_.error()) return;
  if (step_ != Step::kQuit) found_.reply_error = reader_.error();
  break_off(DialogueEnd::kNotSmtp);
}

void SmtpDialogue::read(SmtpReply reply, std::chrono::microseconds elapsed) {
  switch (step_) {
    case Step::kGreeting: {
      const bool is_ready = reply.code == kServiceReady;
      found_.greeting = std::move(reply);
      found_.greeting_time = elapsed;
      return is_ready ? send("EHLO " + client_name_, Step::kEhlo) : quit(DialogueEnd::kRefused);
    }
    case Step::kEhlo:
      return read_ehlo(std::move(reply));
    case Step::kStarttls:
      return read_starttls(std::move(reply));
    case Step::kQuit:
      if (tls_) tls_->close();
      step_ = Step::kOver;
      return;
    case Step::kHandshake:
    case Step::kOver:
      return;
  }
}

void SmtpDialogue::read_ehlo(SmtpReply reply) {
  if (!reply.is_positive()) {
    found_.refusal = std::move(reply);
    return quit(DialogueEnd::kEhloRefused);
  }
  if (tls_) {
    found_.behind_tls = offer_in(reply);
    return quit(DialogueEnd::kComplete);
  }
  found_.in_clear = offer_in(reply);
  if (!found_.in_clear->starttls) return quit(DialogueEnd::kComplete);
  send("STARTTLS", Step::kStarttls);
}

void SmtpDialogue::read_starttls(SmtpReply reply) {
  if (reply.code != kServiceReady) {
    found_.refusal = std::move(reply);
    return quit(DialogueEnd::kTlsFailed);
  }
  if (reader_.has_more()) return break_off(DialogueEnd::kOutOfTurn);
  tls_.emplace(host_);
  step_ = Step::kHandshake;
}

void SmtpDialogue::send(std::string_view command, Step step) {
  if (reader_.has_more()) return break_off(DialogueEnd::kOutOfTurn);
  const std::string line = std::string(command) + "\r\n";
  if (tls_) {
    tls_->send(line);
  } else {
    outgoing_.insert(outgoing_.end(), line.begin(), line.end());
  }
  step_ = step;
}

void SmtpDialogue::quit(DialogueEnd end) {
  found_.end = end;
  // Out of turn or not, what was found stands; a peer that talks on is left.
  if (reader_.has_more()) {
    step_ = Step::kOver;
  } else {
    send("QUIT", Step::kQuit);
  }
}

void SmtpDialogue::break_off(DialogueEnd end) {
  // A farewell that fails changes nothing.
  if (step_ != Step::kQuit) found_.end = end;
  step_ = Step::kOver;
}

void SmtpDialogue::broken(Broken how) {
  if (is_over()) return;
  const bool by_timer = how == Broken::kTimer;
  if (step_ == Step::kHandshake) {
    found_.tls_failure = by_timer ? "no answer in time" : "the connection was closed";
    break_off(DialogueEnd::kTlsFailed);
  } else if (reader_.has_open_line() && step_ != Step::kQuit) {
    // Neither silent nor gone without a word: it said something that is no reply.
    found_.reply_error = SmtpReplyError::kNoLineEnd;
    break_off(DialogueEnd::kNotSmtp);
  } else if (!by_timer) {
    break_off(DialogueEnd::kClosed);
  } else {
    break_off(step_ == Step::kGreeting ? DialogueEnd::kNoGreeting : DialogueEnd::kSilent);
  }
}

std::vector<std::uint8_t> SmtpDialogue::outgoing() {
  std::vector<std::uint8_t> octets = std::exchange(outgoing_, {});
  if (tls_) {
    const std::vector<std::uint8_t> wrapped = tls_->outgoing();
    octets.insert(octets.end(), wrapped.begin(), wrapped.end());
  }
  return octets;
}

}  // namespace dauth::scanner
