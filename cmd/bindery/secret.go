package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/bindery-mcp/bindery"
	"github.com/bindery-mcp/bindery/gateway/config"
	"github.com/bindery-mcp/bindery/gateway/secrets"
)

// secretCmd keeps what ${secret:NAME} stands for.
type secretCmd struct {
	Set      secretSetCmd      `cmd:"" help:"Keep a value under a name: typed at a prompt that does not show it, or read from standard input."`
	List     secretListCmd     `cmd:"" help:"List the names. Values are never printed."`
	Rm       secretRmCmd       `cmd:"" help:"Forget names and their values."`
	Keychain secretKeychainCmd `cmd:"" hidden:"" help:"Print an entry of the system's keychain."`
}

// Help is shown below the commands.
func (c *secretCmd) Help() string {
	return "The file is secrets.age in bindery's folder of the user's configuration, encrypted with age. Its key is\n" +
		"secrets.key beside it, made when it is first needed, or the passphrase in " + secrets.PassphraseVariable + ".\n" +
		"A gateway that runs reads it again on SIGHUP. docs/credentials.md says more."
}

// openSecrets fails for a user without a home.
func openSecrets() (*secrets.Store, error) {
	if config.Folder() == "" {
		return nil, &bindery.Error{
			Code: bindery.Invalid, Op: "find the secret store", Err: errors.New("there is no home folder"),
			Hint: "set HOME or XDG_CONFIG_HOME",
		}
	}
	return secretStore(), nil
}

type secretSetCmd struct {
	Name string `arg:"" placeholder:"NAME" help:"Its name: letters, digits and _ . -"`
}

func (c *secretSetCmd) Run(ctx context.Context, std streams) error {
	store, err := openSecrets()
	if err != nil {
		return err
	}
	if err := secrets.CheckName(c.Name); err != nil {
		return &exitError{code: exitUsage, err: err}
	}
	value, err := readSecret(ctx, std, c.Name)
	if err != nil {
		return err
	}
	if err := store.Set(ctx, c.Name, value); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(std.err, "bindery: kept in %s; write ${secret:%s} in the configuration\n", store.Path(), c.Name)
	return nil
}

// readSecret asks a terminal, or reads what another program writes, without
// its last newline.
func readSecret(ctx context.Context, std streams, name string) (string, error) {
	if f, ok := std.in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		_, _ = fmt.Fprintf(std.err, "Value of %s, not shown: ", name)
		typed, err := readHidden(ctx, int(f.Fd()))
		_, _ = fmt.Fprintln(std.err)
		if err != nil {
			return "", fmt.Errorf("read the secret: %w", err)
		}
		return typed, nil
	}
	data, err := readInput(ctx, std.in, secrets.MaxValue+3)
	if err != nil {
		return "", fmt.Errorf("read the secret: %w", err)
	}
	return string(bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("\r"))), nil
}

// readHidden reads a line from a terminal that does not show it. Interrupted,
// it makes the terminal show again what is typed; what waits for a line then
// ends with the process.
func readHidden(ctx context.Context, fd int) (string, error) {
	state, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	type line struct {
		text []byte
		err  error
	}
	typed := make(chan line, 1)
	go func() {
		text, err := term.ReadPassword(fd)
		typed <- line{text, err}
	}()
	select {
	case l := <-typed:
		return string(l.text), l.err
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), term.Restore(fd, state))
	}
}

type secretListCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

func (c *secretListCmd) Run(std streams) error {
	store, err := openSecrets()
	if err != nil {
		return err
	}
	values, err := store.Read()
	if err != nil {
		return err
	}
	names := values.Names()
	if c.JSON {
		return printLine(std.out, append([]string{}, names...))
	}
	if len(names) == 0 {
		_, _ = fmt.Fprintln(std.err, "bindery: there are none; set one with: bindery secret set NAME")
		return nil
	}
	_, err = fmt.Fprintln(std.out, strings.Join(names, "\n"))
	return err
}

type secretRmCmd struct {
	Names []string `arg:"" placeholder:"NAME" help:"Names to forget."`
}

func (c *secretRmCmd) Run(ctx context.Context) error {
	store, err := openSecrets()
	if err != nil {
		return err
	}
	return store.Remove(ctx, c.Names...)
}

// secretKeychainCmd is what the gateway starts to look into the keychain.
type secretKeychainCmd struct {
	Service string `arg:""`
	Account string `arg:""`
}

func (c *secretKeychainCmd) Run(std streams) error {
	if err := secrets.CheckKeychain(os.Getenv); err != nil {
		return err
	}
	text, err := secrets.Keychain(c.Service, c.Account)
	if err != nil {
		return err
	}
	_, err = io.WriteString(std.out, text)
	return err
}
