// Package identity says who is calling the gateway: a client with a token, a
// person or program that an issuer vouches for, or the owner of a certificate.
//
//	config.Config + tokens file → Authenticator; request → token, JWT or certificate → Identity, or a *RefusedError
//
// It says who somebody is; what they may do is for the gateway.
package identity
