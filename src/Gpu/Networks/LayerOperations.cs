namespace IlgpuDistance.Gpu.Networks;

/// <summary>
/// Additions and multiplications that the formulas of a layer need for each sample and pair of an input and an output, a
/// multiply-add being two; not what an implementation does.
/// </summary>
/// <param name="Forward">Those of y.</param>
/// <param name="Slope">Those of what both gradients have in common.</param>
/// <param name="Sums">Those of the sums over samples from which the parameters' gradients come.</param>
/// <param name="Input">Those of the input's gradient.</param>
internal sealed record LayerOperations(int Forward, int Slope, int Sums, int Input);
