package index

import "math"

// dim is the length of the model's vectors.
const dim = 128

func dot(a, b []float32) float32 {
	a, b = a[:dim], b[:dim]
	var s0, s1, s2, s3 float32
	for i := 0; i < dim; i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1] //nolint:gosec // dim is a multiple of four
		s2 += a[i+2] * b[i+2] //nolint:gosec // dim is a multiple of four
		s3 += a[i+3] * b[i+3] //nolint:gosec // dim is a multiple of four
	}
	return s0 + s1 + s2 + s3
}

// axpy adds k·x to y.
func axpy(k float32, x, y []float32) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += k * v
	}
}

// unit scales x to length one and returns what it was.
func unit(x []float32) float32 {
	var sum float64
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	n := float32(math.Sqrt(sum))
	if n < 1e-9 {
		return 0
	}
	for i := range x {
		x[i] /= n
	}
	return n
}

// dot8 is the product of a question's vector, widened once and not for each
// comparison, and dim bytes of b, each an int8.
func dot8(a *[dim]int64, b []byte) int32 {
	v := (*[dim]byte)(b)
	var s0, s1, s2, s3 int64
	for i := 0; i < dim; i += 4 {
		s0 += a[i] * int64(int8(v[i]))
		s1 += a[i+1] * int64(int8(v[i+1])) //nolint:gosec // dim is a multiple of four
		s2 += a[i+2] * int64(int8(v[i+2])) //nolint:gosec // dim is a multiple of four
		s3 += a[i+3] * int64(int8(v[i+3])) //nolint:gosec // dim is a multiple of four
	}
	return int32(s0 + s1 + s2 + s3)
}

// widened are dim bytes, each an int8, as dot8 wants the question's.
func widened(b []byte) (wide [dim]int64) {
	for i, v := range b[:dim] {
		wide[i] = int64(int8(v))
	}
	return wide
}

// quantise writes x as bytes and returns the scale that brings it back.
func quantise(x []float32, out []byte) (scale float32) {
	var top float32
	for _, v := range x {
		top = max(top, max(v, -v))
	}
	if top == 0 {
		return 0
	}
	k := 127 / top
	for i, v := range x {
		out[i] = byte(int8(math.Round(float64(v * k))))
	}
	return top / 127
}
