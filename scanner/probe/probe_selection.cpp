#include "scanner/probe/probe_selection.h"

#include <algorithm>
#include <array>
#include <optional>

namespace dauth::scanner {
namespace {

struct NamedProbe {
  std::string_view name;
  bool ProbeSelection::* chosen;
};
constexpr std::array<NamedProbe, 6> kProbes = {{{"mx", &ProbeSelection::mx},
                                                {"spf", &ProbeSelection::spf},
                                                {"domainkeys", &ProbeSelection::domainkeys},
                                                {"dkim_policy", &ProbeSelection::dkim_policy},
                                                {"dmarc", &ProbeSelection::dmarc},
                                                {"mx-hosts", &ProbeSelection::mx_hosts}}};

// Types whose RDATA says something of the name it stands at; meta-types and SOA would not compare.
constexpr std::array kWildcardTypes = {dns::RrType::kTxt, dns::RrType::kA,   dns::RrType::kAaaa,
                                       dns::RrType::kMx,  dns::RrType::kSpf, dns::RrType::kSrv};

template <class Each>
bool for_each_word(std::string_view list, Each each) {
  for (;;) {
    const std::size_t comma = list.find(',');
    if (!each(list.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    list.remove_prefix(comma + 1);
  }
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return result;
}

}  // namespace

Result<ProbeSelection, std::string> parse_probe_selection(std::string_view probes,
                                                          std::string_view wildcard_types) {
  ProbeSelection selection{.mx = false,
                           .spf = false,
                           .domainkeys = false,
                           .dkim_policy = false,
                           .dmarc = false,
                           .mx_hosts = false,
                           .wildcard_types = {}};
  std::string error;
  const bool probes_known = for_each_word(probes, [&](std::string_view word) {
    const auto* probe =
        std::find_if(kProbes.begin(), kProbes.end(), [&](const auto& p) { return p.name == word; });
    if (probe == kProbes.end()) {
      error = "--probes: unknown probe '" + std::string(word) +
              "' (known: mx, spf, domainkeys, dkim_policy, dmarc, mx-hosts)";
      return false;
    }
    selection.*(probe->chosen) = true;
    return true;
  });
  if (!probes_known) return unexpected(std::move(error));
  if (selection.dkim_policy && !selection.domainkeys) {
    return unexpected(std::string("--probes: the probe dkim_policy needs the probe domainkeys"));
  }
  if (selection.mx_hosts && !selection.mx) {
    return unexpected(std::string("--probes: the probe mx-hosts needs the probe mx"));
  }
  const bool types_known = for_each_word(wildcard_types, [&](std::string_view word) {
    const std::string name = upper(word);
    const auto* type = std::find_if(kWildcardTypes.begin(), kWildcardTypes.end(),
                                    [&](dns::RrType t) { return dns::to_text(t) == name; });
    if (type == kWildcardTypes.end()) {
      error =
          "--wildcard-types: unknown RR type '" + std::string(word) + "' (known: TXT, A, AAAA, MX, SPF, SRV)";
      return false;
    }
    auto& types = selection.wildcard_types;
    if (std::find(types.begin(), types.end(), *type) == types.end()) types.push_back(*type);
    return true;
  });
  if (!types_known) return unexpected(std::move(error));
  if (selection.wildcard_types.front() != dns::RrType::kTxt) {
    return unexpected(std::string("--wildcard-types: the first type has to be TXT"));
  }
  return selection;
}

std::string probes_text(const ProbeSelection& selection) {
  std::string text;
  for (const NamedProbe& probe : kProbes) {
    if (!(selection.*(probe.chosen))) continue;
    if (!text.empty()) text += ',';
    text += probe.name;
  }
  return text;
}

std::string wildcard_types_text(const ProbeSelection& selection) {
  std::string text;
  for (const dns::RrType type : selection.wildcard_types) {
    if (!text.empty()) text += ',';
    text += dns::to_text(type);
  }
  return text;
}

}  // namespace dauth::scanner
