package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/cogitator-ai/drdrill/fixtures/images"
)

func newImages(p program) *cobra.Command {
	var pairs []string
	cmd := &cobra.Command{
		Use:   "images",
		Short: "Build or fetch the images that drills run on",
		Long: `Build or fetch the images that drills run on, so that a run does not have to. Images that are there
already are not built again. Where no registry answers, the base is made from Debian's packages.`,
		Example: `  drdrill images
  drdrill images --image postgres=pgvector/pgvector:pg17   check that yours can be had`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.prepare(cmd.Context(), pairs) },
	}
	cmd.Flags().StringArrayVar(&pairs, "image", nil, "use another image, as `key=reference`")
	return cmd
}

func (p program) prepare(ctx context.Context, pairs []string) error {
	overrides, err := parseImages(pairs)
	if err != nil {
		return err
	}
	ctx, _, over := untilStopped(ctx)
	defer over()
	if err := p.images(ctx, overrides, p.log); err != nil {
		return fmt.Errorf("prepare images: %w", err)
	}
	return nil
}

// parseImages reads key=reference pairs; a later one of the same key wins.
func parseImages(pairs []string) (map[string]string, error) {
	refs := map[string]string{}
	for _, pair := range pairs {
		key, ref, ok := strings.Cut(pair, "=")
		if !ok || key == "" || ref == "" {
			return nil, usage("--image %q: want key=reference, such as postgres=pgvector/pgvector:pg17", pair)
		}
		if known := images.Keys(); !slices.Contains(known, key) {
			return nil, usage("--image %q: unknown key %q: did you mean %q? The keys are %s",
				pair, key, nearest(key, known), strings.Join(known, ", "))
		}
		refs[key] = ref
	}
	return refs, nil
}
