package faults

import "context"

// RefusingStore is an object store that refuses the operator's key, as it does when that was rotated.
type RefusingStore struct{}

// Describe implements Fault.
func (RefusingStore) Describe() string { return "the object store refuses the key" }

// Inject implements Fault.
func (RefusingStore) Inject(ctx context.Context, t Target) (string, error) {
	return breakOn(ctx, t.System, operator, `
		cp --preserve "$AWS_SHARED_CREDENTIALS_FILE" "$AWS_SHARED_CREDENTIALS_FILE.right"
		sed --in-place --regexp-extended 's/^(aws_secret_access_key *= *).*/\1rotated/' "$AWS_SHARED_CREDENTIALS_FILE"
		cmp --silent "$AWS_SHARED_CREDENTIALS_FILE" "$AWS_SHARED_CREDENTIALS_FILE.right" || echo "changed the secret key"`)
}

// Remove implements Obstacle.
func (RefusingStore) Remove(ctx context.Context, t Target) error {
	_, err := t.System.RunOn(ctx, operator, `mv "$AWS_SHARED_CREDENTIALS_FILE.right" "$AWS_SHARED_CREDENTIALS_FILE"`)
	return err
}
