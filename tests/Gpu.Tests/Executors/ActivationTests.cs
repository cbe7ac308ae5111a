using CsCheck;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>One function for a sequence of layers, against the layers one after the other.</summary>
public sealed class ActivationTests
{
    private static readonly float[] Values =
        [float.NegativeInfinity, -3, -1e-30f, 0, 1e-30f, 2.5f, float.PositiveInfinity, float.NaN];

    [Fact]
    public void Any_sequence_of_elementwise_layers_is_one_function_with_its_derivative() =>
        Gen.OneOf<Layer>(Gen.Const((Layer)new Abs()), Gen.Const((Layer)new ReLU()), Gen.Const((Layer)new Neg())).Array[0, 6]
            .Sample(layers =>
        {
            var activation = Activation.Of(layers);
            foreach (float value in Values)
            {
                (float expected, float slope) = OneAfterTheOther(layers, value);
                Assert.Equal(expected, activation.Value(value));
                Assert.Equal(expected, activation.Value(new Float4(1, value, 2, 3)).Y);
                if (!float.IsNaN(value))
                    Assert.Equal(slope * 5, activation.Backward(value, 5));
                // Where nothing depends on the value its gradient is 0, whatever comes from behind.
                if (slope == 0 && !float.IsNaN(value))
                    Assert.Equal(0, activation.Backward(value, float.NaN));
            }
        });

    private static (float Value, float Slope) OneAfterTheOther(Layer[] layers, float x)
    {
        float slope = 1;
        foreach (Layer layer in layers)
        {
            (x, float factor) = layer switch
            {
                Abs => (MathF.Abs(x), x > 0 ? 1f : x < 0 ? -1f : 0f),
                ReLU => (float.IsNaN(x) ? x : MathF.Max(x, 0), x > 0 ? 1f : 0f),
                _ => (-x, -1f),
            };
            slope *= factor;
        }
        // The sign of zero is of no importance to anyone behind.
        return (x + 0f, slope);
    }
}
