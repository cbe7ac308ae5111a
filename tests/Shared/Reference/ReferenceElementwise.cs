namespace IlgpuDistance.Tests.Reference;

/// <summary>y_i = f(x_i).</summary>
internal sealed class ReferenceElementwise(Func<double, double> f, Func<double, double> derivative, bool hasKink) : ReferenceLayer
{
    public override double KinkMargin(double[] x) => hasKink ? SmallestBut0(x) : double.PositiveInfinity;

    public override double[] Forward(double[] x) => [.. x.Select(f)];

    public override double[] Magnitude(double[] x) => x;

    public override double[] Backward(double[] x, double[] y, double[] dy, double[] gradients) =>
        [.. x.Zip(dy, (value, gradient) => derivative(value) * gradient)];
}
