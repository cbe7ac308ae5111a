namespace IlgpuDistance.Gpu.Tests.Execution;

/// <summary>How far results are from a reference.</summary>
internal static class Distance
{
    /// <summary>Norm of the difference over the norm of the reference (or the norm of the difference where that is 0).</summary>
    public static double Relative(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0, norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += (expected[i] - actual[i]) * (expected[i] - actual[i]);
            norm += expected[i] * expected[i];
        }
        return norm == 0 ? Math.Sqrt(difference) : Math.Sqrt(difference / norm);
    }

    /// <summary>Asserts that a tensor is within a relative error of the reference; the message says where it is worst.</summary>
    public static void AssertClose(string what, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        double error = Relative(expected, actual);
        if (error <= tolerance)
            return;
        int worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= Math.Abs(expected[worst] - actual[worst])))
                worst = i;
        }
        Assert.Fail($"{what}: relative error {error:g3} exceeds {tolerance:g3}; worst at {worst}: expected {expected[worst]}, found {actual[worst]}");
    }
}
