using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Data;

/// <summary>An input scaling as two numbers: x = scale · v + shift for a pixel v in 0 to 255.</summary>
/// <param name="Scale">The factor.</param>
/// <param name="Shift">The summand.</param>
public readonly record struct PixelScaling(float Scale, float Shift)
{
    /// <summary>The numbers of a scaling.</summary>
    /// <param name="scaling">The scaling.</param>
    /// <param name="training">Statistics of the training set; the test set is scaled with them too.</param>
    /// <exception cref="InputException">A training set with a single grey value is to be standardized.</exception>
    public static PixelScaling Of(InputScaling scaling, PixelStatistics training) => scaling switch
    {
        InputScaling.Raw => new(1, 0),
        InputScaling.Unit => new(1f / 255, 0),
        InputScaling.Standardized when training.StandardDeviation == 0 => throw new InputException(
            $"every pixel of the training images is {training.Mean:0}, so their standard deviation is 0 and they cannot be " +
            "standardized; use raw or unit scaling"),
        InputScaling.Standardized => new(
            (float)(1 / training.StandardDeviation), (float)(-training.Mean / training.StandardDeviation)),
        _ => throw new ArgumentOutOfRangeException(nameof(scaling), scaling, null),
    };
}
