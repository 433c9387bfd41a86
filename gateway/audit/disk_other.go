//go:build !linux

package audit

func (osFile) Reserve(int64) error { return errNoReserve }
