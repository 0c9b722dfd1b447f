// Which ICMP errors end a connection and which may pass, and what they are called.
//
// RFC 9293 section 3.9.2.2 (RFC 1122 section 4.2.3.9 before it) names the soft ones of both protocols, and
// the hard ones of IPv4 alone; those of ICMPv6 are the counterparts that RFC 5461 section 2.1 takes. Of the
// codes that neither names, those that state a will or a lasting fact are hard, those that speak of a route
// or of one packet soft, which for the codes of destination unreachable is how Linux has them as well:
//
//   IPv4 ICMP, type 3 (RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1)
//     code  0 net unreachable                  soft   RFC 9293
//           1 host unreachable                 soft   RFC 9293
//           2 protocol unreachable             hard   RFC 9293
//           3 port unreachable                 hard   RFC 9293
//           4 fragmentation needed             hard   RFC 9293; path MTU discovery since RFC 1191
//           5 source route failed              soft   RFC 9293
//           6 network unknown                  hard   here: a lasting fact
//           7 host unknown                     hard   here: a lasting fact
//           8 source host isolated             hard   here: a lasting fact
//           9 network prohibited               hard   here: a will, as ICMPv6 code 1
//          10 host prohibited                  hard   here: a will, as ICMPv6 code 1
//          11 network unreachable for TOS      soft   here: a route, as code 0
//          12 host unreachable for TOS         soft   here: a route, as code 1
//          13 communication prohibited         hard   here: a will, as ICMPv6 code 1
//          14 host precedence violation        hard   here: a will
//          15 precedence cutoff in effect      hard   here: a will
//   IPv4 ICMP, type 11 time exceeded           soft   RFC 9293
//   IPv4 ICMP, type 12 parameter problem       soft   RFC 9293
//   ICMPv6, type 1 (RFC 4443 section 3.1)
//     code  0 no route                         soft   RFC 9293
//           1 prohibited                       hard   RFC 5461
//           2 beyond scope of source address   soft   here: another source address may do
//           3 address unreachable              soft   RFC 9293
//           4 port unreachable                 hard   RFC 5461
//           5 source address failed policy     hard   RFC 4443: a kind of code 1
//           6 reject route                     hard   RFC 4443: a kind of code 1
//   ICMPv6, type 3 time exceeded               soft   RFC 9293
//   ICMPv6, type 4 parameter problem           soft   RFC 9293
//   every other type and code                  soft   nothing says that it would last
//
// Linux hands all of these to a connection that is being opened except IPv4 code 4 and ICMPv6 type 2, which
// its path MTU discovery takes, IPv4 type 11 code 1 and IPv4 codes above 15: there the SYN stays without an
// answer, and the case is a time-out. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "scanner/record/ip_address.h"

namespace dauth::scanner {

enum class IcmpWeight : std::uint8_t { kHard, kSoft };

IcmpWeight icmp_weight(IpFamily family, std::uint8_t type, std::uint8_t code);

// "ICMP host unreachable", "ICMPv6 type 1 code 9" where it has no name here.
std::string icmp_phrase(IpFamily family, std::uint8_t type, std::uint8_t code);

}  // namespace dauth::scanner
