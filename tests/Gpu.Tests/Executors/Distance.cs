namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>How far results are from a reference.</summary>
internal static class Distance
{
    /// <summary>Norm of the difference over a norm (or the norm of the difference where that is 0).</summary>
    public static double Relative(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double norm)
    {
        Assert.Equal(expected.Length, actual.Length);
        double squares = 0;
        for (int i = 0; i < expected.Length; i++)
            squares += (expected[i] - actual[i]) * (expected[i] - actual[i]);
        return norm == 0 ? Math.Sqrt(squares) : Math.Sqrt(squares) / norm;
    }

    /// <summary>Euclidean norm.</summary>
    public static double Norm(ReadOnlySpan<double> values)
    {
        double squares = 0;
        foreach (double value in values)
            squares += value * value;
        return Math.Sqrt(squares);
    }

    /// <summary>Asserts that a tensor is within a relative error of the reference; the message says where it is worst.</summary>
    /// <param name="what">What is compared.</param>
    /// <param name="expected">The reference.</param>
    /// <param name="actual">The result.</param>
    /// <param name="tolerance">Largest error relative to the norm.</param>
    /// <param name="norm">What the error is relative to; null means the reference's norm.</param>
    public static void AssertClose(
        string what, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, double? norm = null)
    {
        double error = Relative(expected, actual, norm ?? Norm(expected));
        if (error <= tolerance)
            return;
        int worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= Math.Abs(expected[worst] - actual[worst])))
                worst = i;
        }
        Assert.Fail($"{what}: relative error {error:g3} exceeds {tolerance:g3}; worst at {worst}: expected " +
            $"{expected[worst]}, found {actual[worst]}");
    }
}
