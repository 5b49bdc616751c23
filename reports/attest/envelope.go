package attest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// payloadType is that of in-toto statements.
const payloadType = "application/vnd.in-toto+json"

// seal signs the payload and returns the envelope as a file.
func (s Signer) seal(ctx context.Context, payload []byte) ([]byte, error) {
	envelopes, err := dsse.NewEnvelopeSigner(s.key)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	envelope, err := envelopes.SignPayload(ctx, payloadType, payload)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	return encodeEnvelope(*envelope)
}

func encodeEnvelope(e dsse.Envelope) ([]byte, error) {
	encoded, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("write the envelope: %w", err)
	}
	return append(encoded, '\n'), nil
}

// open returns the payload of an envelope that the pinned key signed. A signature covers the payload
// and its type alone; so that no other byte can be changed either, the file must be what seal writes.
func (v Verifier) open(ctx context.Context, path string, content []byte) ([]byte, error) {
	var envelope dsse.Envelope
	if err := json.Unmarshal(content, &envelope); err != nil {
		return nil, &Damage{path, fmt.Sprintf("is no DSSE envelope: %v", err)}
	}
	if len(envelope.Signatures) != 1 {
		return nil, &Damage{path, fmt.Sprintf("has %d signatures, want one", len(envelope.Signatures))}
	}
	if id := envelope.Signatures[0].KeyID; id != v.id {
		return nil, &Damage{path, fmt.Sprintf("is signed by the key %q, not by the one given, %s", id, v.id)}
	}
	envelopes, err := dsse.NewEnvelopeVerifier(v.key)
	if err != nil {
		return nil, fmt.Errorf("verify %s: %w", path, err)
	}
	if _, err := envelopes.Verify(ctx, &envelope); err != nil {
		return nil, &Damage{path, fmt.Sprintf("its signature is not one of the key given, %s", v.id)}
	}
	payload, errPayload := base64.StdEncoding.DecodeString(envelope.Payload)
	signature, errSignature := base64.StdEncoding.DecodeString(envelope.Signatures[0].Sig)
	again, err := encodeEnvelope(dsse.Envelope{
		PayloadType: payloadType, Payload: base64.StdEncoding.EncodeToString(payload),
		Signatures: []dsse.Signature{{KeyID: v.id, Sig: base64.StdEncoding.EncodeToString(signature)}},
	})
	if err != nil {
		return nil, err
	}
	if errPayload != nil || errSignature != nil || !bytes.Equal(again, content) {
		return nil, &Damage{path, "is not as drdrill writes it"}
	}
	return payload, nil
}
