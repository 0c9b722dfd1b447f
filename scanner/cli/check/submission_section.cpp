#include "scanner/cli/check/submission_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <system_error>

#include "scanner/submission/submission_icmp.h"

namespace dauth::scanner::cli {
namespace {

using nlohmann::ordered_json;
using std::chrono::microseconds;

// ---- text

double in_milliseconds(microseconds time) {
  return static_cast<double>(time.count()) / 1000.0;
}

std::string time_text(microseconds time) {
  return fmt::format("{:.1f} ms", in_milliseconds(time));
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::string reply_text(const SmtpReply& reply) {
  return fmt::format("{} {}", reply.code, fmt::join(reply.lines, " / "));
}

std::string icmp_text(const PortOutcome& outcome) {
  const IcmpCause& icmp = outcome.icmp.value();
  const std::string from = icmp.is_from_here ? "this machine itself"
                           : icmp.sender     ? icmp.sender->to_text()
                                             : "a sender that the kernel does not tell";
  return fmt::format("{} (type {}, code {}) from {}",
                     icmp_phrase(outcome.address.family(), icmp.type, icmp.code), icmp.type, icmp.code, from);
}

void add_offer(CheckPage& page, const SmtpOffer& offer, std::string_view where) {
  if (!offer.auth) {
    page.item(1, fmt::format("AUTH {}: not offered", where));
  } else if (offer.auth_mechanisms.empty()) {
    page.item(
        1,
        fmt::format("AUTH {}: offered without a mechanism, so it cannot be used (RFC 4954 section 3)", where),
        Mark::kWarning);
  } else {
    page.item(1, fmt::format("AUTH {}: {}", where, joined(offer.auth_mechanisms)));
  }
}

bool has_password_in_clear(const SmtpOffer& offer) {
  return std::any_of(
      offer.auth_mechanisms.begin(), offer.auth_mechanisms.end(),
      [](const std::string& mechanism) { return mechanism == "PLAIN" || mechanism == "LOGIN"; });
}

void add_end(CheckPage& page, const SubmissionDialogue& dialogue, const SubmissionReport& report) {
  const auto bad = [&page](std::string_view text) { page.item(1, text, Mark::kBad); };
  switch (dialogue.end) {
    case DialogueEnd::kComplete:
      return;
    case DialogueEnd::kNoGreeting:
      return bad(
          fmt::format("the connection opens, but no greeting came within {} ms; a server that is slow on "
                      "purpose makes users wait as well",
                      report.timer.count()));
    case DialogueEnd::kSilent:
      return bad(fmt::format("it stopped answering before {} ms were over", report.timer.count()));
    case DialogueEnd::kClosed:
      return bad("the host closed the connection before the dialogue was over");
    case DialogueEnd::kRefused:
      return bad("the greeting is no 220: the host does not serve this client (RFC 5321 section 3.1)");
    case DialogueEnd::kEhloRefused:
      return bad(fmt::format("EHLO was refused, so there is neither STARTTLS nor AUTH: {}",
                             dialogue.refusal ? reply_text(*dialogue.refusal) : ""));
    case DialogueEnd::kNotSmtp:
      return bad(fmt::format("what came is no SMTP reply (RFC 5321 section 4.2): {}",
                             dialogue.reply_error ? to_text(*dialogue.reply_error) : ""));
    case DialogueEnd::kOutOfTurn:
      return bad(
          "the host sent replies that nothing had asked for, so the dialogue was broken off (behind STARTTLS "
          "such octets may be injected: RFC 3207 section 6)");
    case DialogueEnd::kTlsFailed:
      return bad(dialogue.refusal
                     ? fmt::format("STARTTLS is offered and refused: {}", reply_text(*dialogue.refusal))
                     : fmt::format("TLS failed: {}", dialogue.tls_failure));
  }
}

void add_advice(CheckPage& page, const PortOutcome& outcome) {
  if (!outcome.serves()) return;
  const bool is_relay = outcome.service == SubmissionService::kRelay;
  if (!outcome.dialogue->tls && !is_relay) {
    page.item(
        1,
        "no TLS: mail and passwords go in clear; offer STARTTLS at 587 and TLS at 465 (RFC 8314 section 3)",
        Mark::kWarning);
  }
  if (outcome.dialogue->in_clear && has_password_in_clear(*outcome.dialogue->in_clear)) {
    page.item(1,
              "passwords are taken without TLS; offer PLAIN and LOGIN behind TLS only (RFC 4954 section 4)",
              Mark::kWarning);
  }
  if (!outcome.takes_submission() && !is_relay) {
    page.item(1, "AUTH is not offered, so no user can hand in mail here (RFC 6409 section 4.3)",
              Mark::kWarning);
  }
  if (outcome.takes_submission() && is_relay) {
    page.item(
        1,
        "users can log in at port 25, which is for mail between servers and blocked in many networks; offer "
        "465 and 587 (RFC 8314 section 3, RFC 6409 section 3.1)",
        Mark::kWarning);
  }
}

void add_dialogue(CheckPage& page, const PortOutcome& outcome, const SubmissionReport& report) {
  const SubmissionDialogue& dialogue = outcome.dialogue.value();
  if (dialogue.greeting) {
    page.item(
        1, fmt::format("greeting after {}: {}", time_text(dialogue.greeting_time.value_or(microseconds(0))),
                       reply_text(*dialogue.greeting)));
  }
  if (dialogue.in_clear) {
    page.item(1, outcome.offers_starttls() ? "STARTTLS: offered" : "STARTTLS: not offered");
    add_offer(page, *dialogue.in_clear, "in clear");
  }
  if (dialogue.tls) {
    const TlsFacts& tls = *dialogue.tls;
    page.item(1, fmt::format("TLS: {}, {}", tls.protocol, tls.cipher));
    if (tls.is_old) {
      page.item(1, "versions of TLS below 1.2 are no longer to be used (RFC 8996)", Mark::kWarning);
    }
    if (!tls.subject.empty() || !tls.issuer.empty()) {
      page.item(1, fmt::format("certificate of {}, by {} (not verified)", tls.subject, tls.issuer));
    }
  }
  if (dialogue.behind_tls) add_offer(page, *dialogue.behind_tls, "behind TLS");
  add_end(page, dialogue, report);
  add_advice(page, outcome);
}

struct CaseText {
  std::string text;
  Mark mark = Mark::kPlain;
};

CaseText case_text(const PortOutcome& outcome, const SubmissionReport& report) {
  const std::string time = outcome.time ? time_text(*outcome.time) : "";
  switch (outcome.port_case) {
    case PortCase::kService:
      return {fmt::format("open after {}", time), outcome.serves() ? Mark::kGood : Mark::kPlain};
    case PortCase::kReset:
      return {fmt::format("refused by an RST after {}: nothing listens there, or a firewall says so", time)};
    case PortCase::kIcmpHard:
      return {fmt::format(
          "{} after {}: a hard error, upon which clients give up at once (RFC 9293 section 3.9.2.2)",
          icmp_text(outcome), time)};
    case PortCase::kIcmpSoft:
      return {
          fmt::format("{} after {}: a soft error, which may pass; some clients wait for their timer upon it "
                      "(RFC 9293 section 3.9.2.2, RFC 5461)",
                      icmp_text(outcome), time),
          Mark::kWarning};
    case PortCase::kTimeOut:
      return {fmt::format(
                  "no answer within {} ms: the packets are dropped, and a mail client hangs until its own "
                  "timer ends; a port that is not served is better answered with an RST",
                  report.timer.count()),
              Mark::kWarning};
    case PortCase::kNotSent:
      return {fmt::format("this machine could not send ({}), which tells nothing of the host",
                          std::generic_category().message(outcome.system_error))};
    case PortCase::kNotTried:
      return {"not tried: no host can have this address", Mark::kBad};
  }
  return {};
}

void add_port(CheckPage& page, const PortOutcome& outcome, const SubmissionReport& report) {
  CaseText told = case_text(outcome, report);
  if (outcome.known) told.text += " (known from an earlier host, not tried again)";
  page.item(0, fmt::format("{} at {}: {}", outcome.port, outcome.address.to_text(), told.text), told.mark);
  if (outcome.dialogue) add_dialogue(page, outcome, report);
}

// ---- JSON

ordered_json milliseconds_or_null(const std::optional<microseconds>& time) {
  return time ? ordered_json(in_milliseconds(*time)) : ordered_json(nullptr);
}

ordered_json to_json(const SmtpReply& reply) {
  return {{"code", reply.code}, {"lines", reply.lines}};
}

ordered_json to_json(const SmtpOffer& offer) {
  return {{"capabilities", offer.capabilities},
          {"starttls", offer.starttls},
          {"auth", offer.auth},
          {"auth_mechanisms", offer.auth_mechanisms}};
}

ordered_json to_json(const TlsFacts& tls) {
  return {{"protocol", tls.protocol},
          {"old", tls.is_old},
          {"cipher", tls.cipher},
          {"subject", tls.subject},
          {"issuer", tls.issuer}};
}

ordered_json to_json(const IcmpCause& icmp, IpFamily family) {
  return {{"protocol", family == IpFamily::kIpv4 ? "ICMP" : "ICMPv6"},
          {"type", icmp.type},
          {"code", icmp.code},
          {"phrase", icmp_phrase(family, icmp.type, icmp.code)},
          {"sender", icmp.sender ? ordered_json(icmp.sender->to_text()) : ordered_json(nullptr)},
          {"from_here", icmp.is_from_here}};
}

template <class Value>
ordered_json to_json_or_null(const std::optional<Value>& value) {
  return value ? to_json(*value) : ordered_json(nullptr);
}

ordered_json text_or_null(std::string_view text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json to_json(const SubmissionDialogue& dialogue) {
  return {{"end", to_text(dialogue.end)},
          {"greeting", to_json_or_null(dialogue.greeting)},
          {"greeting_time_ms", milliseconds_or_null(dialogue.greeting_time)},
          {"refusal", to_json_or_null(dialogue.refusal)},
          {"reply_error", text_or_null(dialogue.reply_error ? to_text(*dialogue.reply_error) : "")},
          {"in_clear", to_json_or_null(dialogue.in_clear)},
          {"tls", to_json_or_null(dialogue.tls)},
          {"tls_failure", text_or_null(dialogue.tls_failure)},
          {"behind_tls", to_json_or_null(dialogue.behind_tls)}};
}

ordered_json to_json(const PortOutcome& outcome) {
  ordered_json port = {{"address", outcome.address.to_text()},          {"port", outcome.port},
                       {"service", to_text(outcome.service)},           {"case", to_text(outcome.port_case)},
                       {"time_ms", milliseconds_or_null(outcome.time)}, {"known", outcome.known}};
  port["icmp"] = outcome.icmp ? to_json(*outcome.icmp, outcome.address.family()) : ordered_json(nullptr);
  port["system_error"] = outcome.system_error == 0
                             ? ordered_json(nullptr)
                             : ordered_json(std::generic_category().message(outcome.system_error));
  port["serves"] = outcome.serves();
  port["starttls"] = outcome.offers_starttls();
  port["takes_submission"] = outcome.takes_submission();
  port["dialogue"] = outcome.dialogue ? to_json(*outcome.dialogue) : ordered_json(nullptr);
  return port;
}

}  // namespace

void add_to_page(CheckPage& page, const SubmissionReport& report) {
  page.heading(fmt::format("Submission ports of {}", report.host));
  if (report.addresses == 0) {
    page.remark("no address is known, so nothing was opened");
    return;
  }
  if (const PortOutcome* const preferred = report.preferred()) {
    page.fact("users hand in mail",
              fmt::format("at port {} of {}", preferred->port, preferred->address.to_text()), Mark::kGood);
  } else {
    page.fact("users hand in mail", "nowhere: AUTH is offered at no port that was reached", Mark::kBad);
  }
  page.fact("looked at",
            fmt::format("{} address{}, {} ms for each port, {} in all", report.addresses,
                        report.addresses == 1 ? "" : "es", report.timer.count(), time_text(report.time)));
  for (const PortOutcome& outcome : report.ports) add_port(page, outcome, report);
  if (report.left_out.empty()) return;
  std::vector<std::string> left_out;
  for (const IpAddress& address : report.left_out) left_out.push_back(address.to_text());
  page.remark(fmt::format("not looked at, since the host has so many addresses: {}", joined(left_out)));
}

ordered_json to_json(const SubmissionReport& report) {
  ordered_json json = {{"host", report.host},
                       {"timer_ms", report.timer.count()},
                       {"time_ms", in_milliseconds(report.time)},
                       {"addresses", report.addresses}};
  const PortOutcome* const preferred = report.preferred();
  json["preferred"] =
      preferred == nullptr
          ? ordered_json(nullptr)
          : ordered_json({{"address", preferred->address.to_text()}, {"port", preferred->port}});
  json["ports"] = ordered_json::array();
  for (const PortOutcome& outcome : report.ports) json["ports"].push_back(to_json(outcome));
  json["left_out"] = ordered_json::array();
  for (const IpAddress& address : report.left_out) json["left_out"].push_back(address.to_text());
  return json;
}

}  // namespace dauth::scanner::cli
