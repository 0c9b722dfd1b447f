// errno of a socket call as a TransportError. Internal to this folder.
#pragma once

#include <cerrno>

#include "resolver/net/transport.h"

namespace dauth::net {

inline TransportError transport_error_of(int error) {
  switch (error) {
    case ECONNREFUSED:
      return TransportError::kRefused;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EACCES:
    case EPERM:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
      return TransportError::kUnreachable;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE:
      return TransportError::kReset;
    case ETIMEDOUT:
      return TransportError::kSilent;
    default:
      return TransportError::kOther;
  }
}

}  // namespace dauth::net
